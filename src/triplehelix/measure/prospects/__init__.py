"""What a cluster's figures give it to hope and to fear for, by published rules."""
