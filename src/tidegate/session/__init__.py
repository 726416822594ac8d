"""The inside of a run: gate, client, login, clean-up. Speaks HTTP; knows neither Docker nor pytest."""
