"""The endpoints: what each method sends, and how its answer is read. No I/O happens here."""
