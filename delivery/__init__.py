"""What is handed over: grants, download links, meters, receipts."""
