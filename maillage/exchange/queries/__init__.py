"""Reading files, understanding their columns, and the pages' reads."""
