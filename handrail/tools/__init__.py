"""Commands for editors and operators. The Makefile calls them."""
