"""What people report of any kind of content: cases, provisional hiding, decisions, contests."""
