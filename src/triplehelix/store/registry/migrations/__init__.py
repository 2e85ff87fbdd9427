"""The steps by which an older registry becomes one of this version, the first making all tables."""
