"""The edge of delivery: grants and receipts under /api/v1/, files under /download/."""
