"""All tables of the registry together: for what must leave none out."""

from triplehelix.store.registry import (
    account_tables,
    call_tables,
    enquiry_tables,
    log_tables,
    sealed_tables,
    search_tables,
)
from triplehelix.store.registry.tables import METADATA

MODULES = (
    account_tables, call_tables, enquiry_tables, log_tables, sealed_tables, search_tables,
)  # fmt: skip
WHOLE = METADATA
