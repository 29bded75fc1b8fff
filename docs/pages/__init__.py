"""The pages that are made from the tables of the library: words, tables and pictures."""
