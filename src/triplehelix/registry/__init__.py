"""The registry's rules: what a record holds, who may see and change it, how it is found."""
