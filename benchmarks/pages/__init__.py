"""Made-up text-dump pages of news with exact gold: one module per layout, and what they share."""
