"""Reports: cases in, a document out. No clock, no storage, no names."""
