"""The evidence ledger without storage: entries, Merkle tree, disclosures, receipts, signed notes, verification.

Formats: RFC 9162 (tree), RFC 8785 (bytes), RFC 9901 (disclosures), C2SP signed-note and tlog-checkpoint.
"""
