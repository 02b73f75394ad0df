"""What people, programs and attackers send instead of what was asked for; each is answered and none is stored."""
