# SPDX-License-Identifier: BSD-2-Clause
"""What validators in Python say, of Debian's packages and second.py.

Each line that is read is a type, a tab and a value; each that is written has
a verdict of each validator of that type, in the order of WHO and with a tab
between two: "+", or "-" and why.
"""

import json
import sys

import email_validator
import phonenumbers
import stdnum.bic
import stdnum.iban
import stdnum.luhn
import stdnum.us.rtn
from stdnum.exceptions import ValidationError

import escaped
import second

ISO_CODES = "/usr/share/iso-codes/json/iso_%s.json"


def codes(standard, key):
    with open(ISO_CODES % standard, encoding="utf-8") as f:
        return {row[key] for row in json.load(f)[standard]}


def stdnum_module(module):
    def judge(value):
        try:
            module.validate(value)
        except ValidationError as e:
            return "-" + type(e).__name__
        return "+"
    return judge


def card(value):
    number = value.replace(" ", "").replace("-", "")
    is_card = 13 <= len(number) <= 19 and stdnum.luhn.is_valid(number)
    return "-card" if is_card else "+"


REASONS = {getattr(phonenumbers.ValidationResult, name): name
           for name in dir(phonenumbers.ValidationResult)
           if not name.startswith("_")}


def phone(value):
    try:
        number = phonenumbers.parse(value)
    except phonenumbers.NumberParseException as e:
        return "-" + str(e).replace("\t", " ")
    reason = phonenumbers.is_possible_number_with_reason(number)
    return "+" if REASONS[reason] == "IS_POSSIBLE" else "-" + REASONS[reason]


def email(value):
    try:
        email_validator.validate_email(
            value, allow_smtputf8=False, check_deliverability=False)
    except email_validator.EmailNotValidError as e:
        return "-" + escaped.write(str(e))
    return "+"


def domain(value):
    try:
        email_validator.validate_email_domain_part(value)
    except email_validator.EmailNotValidError as e:
        return "-" + escaped.write(str(e))
    return "+"


def of(known):
    return lambda value: "+" if value in known else "-"


def ours_again(name):
    return lambda value: second.judge(name, value)


WHO = {
    "iban": [("stdnum", stdnum_module(stdnum.iban))],
    "bic": [("stdnum", stdnum_module(stdnum.bic))],
    "aba": [("stdnum", stdnum_module(stdnum.us.rtn))],
    "card": [("stdnum", card)],
    "phone": [("phonenumbers", phone)],
    "email": [("email-validator", email)],
    "domain": [("email-validator", domain)],
    "country": [("iso-codes", of(codes("3166-1", "alpha_2")))],
    "currency": [("iso-codes", of(codes("4217", "alpha_3")))],
}
WHO.update({name: [("second", ours_again(name))] for name in second.PATTERNS})


def main():
    out = []
    for line in sys.stdin:
        name, _, text = line.rstrip("\n").partition("\t")
        value = escaped.read(text)
        out.append("\t".join(judge(value) for _, judge in WHO.get(name, ())))
    sys.stdout.write("\n".join(out) + "\n")


if __name__ == "__main__":
    main()
