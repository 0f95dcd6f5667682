"""Lists of records that reference managers write, each format in a module: what each record says, of which file."""
