"""What is offered: products, versions, plans, rights records, the catalogue."""
