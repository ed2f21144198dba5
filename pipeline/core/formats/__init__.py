"""Files of many formats → drafts."""
