"""What every room stands on: table, transactions, journal, agenda, counters, encryption, clock."""
