"""The commonest long passwords, as they read without spaces and signs and in small letters.

Written for this product: the well-known words of Swedish and English leaks, drawn out to twelve characters.
"""

from __future__ import annotations

WORDS = frozenset(
    {
        "password", "passwort", "passord", "losenord", "lösenord", "hemligt", "superhemligt", "mittlosenord",
        "mittlösenord", "nyttlosenord", "nyttlösenord", "bytlosenord", "bytlösenord", "letmein", "welcome", "valkommen",
        "välkommen", "changeme", "administrator", "administratör", "admin", "adminadmin", "passwordpassword",
        "losenordlosenord", "lösenordlösenord", "iloveyou", "jagalskardig", "jagälskardig", "jagälskar", "alskling",
        "älskling", "sommar", "vinter", "hosten", "hösten", "varen", "våren", "sommaren", "vintern", "januari",
        "februari", "april", "augusti", "september", "oktober", "november", "december", "måndag", "fredag", "stockholm",
        "stockholmsstad", "stockholmstad", "goteborg", "göteborg", "malmo", "malmö", "sverige", "svergie", "hammarby",
        "djurgarden", "djurgården", "aikfotboll", "fotboll", "ishockey", "football", "baseball", "princess", "sunshine",
        "superman", "batman", "starwars", "pokemon", "dragon", "monkey", "qwerty", "qwertyuiop", "qwertyqwerty",
        "asdfghjkl", "zxcvbnm", "onetwothree", "trustno", "whatever", "computer", "internet", "google", "facebook",
        "linkedin", "microsoft", "windows", "samsung", "iphone", "minecraft", "test", "testtest", "testtesttest",
        "demo", "example", "exempel", "portfoljkartan", "portföljkartan", "portfolj", "portfölj", "kontoret",
        "fastighetskontoret", "gatukontoret", "trafikkontoret", "exploateringskontoret", "kommun", "kommunen",
    }
)  # fmt: skip
"""Refused whatever digits stand around them."""

WHOLE = frozenset(
    {
        "correcthorsebatterystaple", "thequickbrownfox", "letmeinletmein", "abcdefghijkl", "abcdefghijklm",
        "passwordisnotsafe", "thisismypassword", "mypasswordis", "ihateyou", "iloveyouforever", "ihavenopassword",
        "dethararmittlosenord", "dethärärmittlösenord", "dettaarettlosenord", "dettaärettlösenord", "jagharglomt",
        "jagharglömt", "glomtlosenordet", "glömtlösenordet", "abc123abc123", "a1b2c3d4e5f6", "1q2w3e4r5t6y",
        "q1w2e3r4t5y6", "qazwsxedcrfv", "1qaz2wsx3edc", "zaq12wsxcde3", "asdfqwerzxcv", "nevergiveup", "nothingtosee",
    }
)  # fmt: skip

ROWS = (
    "01234567890123456789",
    "abcdefghijklmnopqrstuvwxyzåäö",
    "qwertyuiopåasdfghjklöäzxcvbnm",
    "qwertyuiopasdfghjklzxcvbnm",
)
"""What is refused as a run along an alphabet or the keys, in both directions."""
