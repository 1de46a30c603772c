"""Random codes, read by `outpost codes decode` and by biip (GS1) and epcpy (EPC).

Usage: codes.py OUTPOST [SEED]. Each group makes codes, lets both read them, and lists where they
differ. A difference that is theirs is written down at its group, with the reason.
"""

import json
import random
import re
import subprocess
import sys

import rstr
from biip import ParseConfig, ParseError
from biip.checksums import gs1_price_weight_check_digit, gs1_standard_check_digit
from biip.gs1_application_identifiers import _GS1_APPLICATION_IDENTIFIERS as AIS
from biip.gs1_digital_link_uris import GS1DigitalLinkURI
from biip.gs1_messages import GS1Message
from biip.gtin import Gtin
from biip.rcn import Rcn
from biip.upc import Upc
from epcpy import ConvertException
from epcpy.epc_schemes import GRAI, SGTIN, SSCC
from epcpy.epc_schemes.grai import GRAIFilterValue
from epcpy.epc_schemes.sgtin import SGTINFilterValue
from epcpy.epc_schemes.sscc import SSCCFilterValue

OUTPOST = sys.argv[1]
SEED = int(sys.argv[2]) if len(sys.argv) > 2 else 20261121
CSET82 = "!\"%&'()*+,-./0123456789:;<=>?ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz"
rng = random.Random(SEED)
xeger = rstr.Rstr(rng)


def ours(lines, *options):
    """Our answers, one for each line."""
    run = subprocess.run(
        [OUTPOST, "codes", "decode", *options],
        input="\n".join(lines) + "\n",
        capture_output=True,
        text=True,
        check=True,
    )
    answers = [json.loads(line) for line in run.stdout.splitlines()]
    assert len(answers) == len(lines), f"{len(lines)} lines, {len(answers)} answers"
    return answers


def digits(count):
    return "".join(rng.choice("0123456789") for _ in range(count))


def checked(body):
    return body + str(gs1_standard_check_digit(body))


def text(most, least=1):
    return "".join(rng.choice(CSET82) for _ in range(rng.randint(least, most)))


def code(answer):
    return answer.get("error", {}).get("code")


def gtins(count=4000):
    """Trade item numbers, every fourth with any last digit."""
    lines = [checked(digits(rng.choice([7, 11, 12, 13]))) for _ in range(count)]
    lines = [line if rng.random() < 0.75 else line[:-1] + digits(1) for line in lines]
    for line, answer in zip(lines, ours(lines)):
        try:
            theirs = Gtin.parse(line)
        except ParseError:
            # Eight digits may be a UPC-E, to which Gtin.parse is blind.
            try:
                expected = Upc.parse(line).as_gtin_14() if len(line) == 8 else None
            except ParseError:
                expected = None
            yield line, answer.get("gtin"), expected
            continue
        yield line, answer.get("gtin"), theirs.as_gtin_14()
        # biip counts 40 to 49 of UPC-12 and a zeroed EAN-8 by other prefixes: GTIN-14 is no RCN.
        if len(line) in (12, 13) and isinstance(theirs, Rcn):
            yield line, answer["kind"], "restricted"


def upces(count=3000):
    """UPC-E of six, seven and eight digits, under the EAN/UPC identifier."""
    lines = [rng.choice("0012") + digits(rng.choice([5, 6, 7])) for _ in range(count)]
    for at, line in enumerate(lines):
        if len(line) == 8 and line[0] in "01":
            upc_a = Upc.parse(line[:7]).as_upc_a()
            lines[at] = line[:7] + (upc_a[-1] if rng.random() < 0.8 else line[7])
    for line, answer in zip(lines, ours(["]E0" + line for line in lines])):
        try:
            expected = Upc.parse(line).as_gtin_14()
        except ParseError:
            # Eight digits that are no UPC-E may be an EAN-8 of a scanner that says ]E0 for all.
            try:
                expected = Gtin.parse(line).as_gtin_14() if len(line) == 8 else None
            except ParseError:
                expected = None
        yield line, answer.get("gtin"), expected


def identifiers(each=40):
    """Every identifier of biip's table with data made from its own pattern. Ours may refuse data
    by rules that biip does not have (check digits, calendars, lists, pairs), but never for its
    length or characters, nor for an identifier that it does not know."""
    # Percent sequences count as one character in biip's patterns, as three in GS1's dictionary.
    longest = {ai: int(found[1]) for ai, entry in AIS.items()
               if (found := re.search(r"X\.\.(\d+)$", entry.format))}
    lines, told = [], []
    for ai, entry in AIS.items():
        for _ in range(each):
            line = xeger.xeger(entry.pattern.strip("^$"))
            # biip lets numbers of up to so many digits have none: GS1 wants one at least.
            if line == ai or len(line) - len(ai) > longest.get(ai, 999):
                continue
            lines.append("]C1" + line)
            told.append((ai, entry))
    for (ai, entry), line, answer in zip(told, lines, ours(lines)):
        theirs = line[3 + len(ai) :]
        if answer.get("ais"):
            yield line, answer["ais"], [[ai, theirs]]
        else:
            stray = code(answer) in ("gs1_bad_data", "gs1_unknown_ai", "gs1_empty")
            yield line, (ai, code(answer)) if stray else "known", "known"


def message():
    """Elements that may stand together on a pack that is weighed."""
    some = {
        "10": lambda: text(20),
        "11": lambda: f"{digits(2)}{rng.randint(1, 12):02}{rng.randint(1, 28):02}",
        "17": lambda: f"{digits(2)}{rng.randint(1, 12):02}{rng.randint(0, 28):02}",
        "20": lambda: digits(2),
        "21": lambda: text(20),
        "22": lambda: text(20),
        "240": lambda: text(30),
        "30": lambda: digits(rng.randint(1, 8)),
        f"310{rng.randint(0, 5)}": lambda: digits(6),
        "400": lambda: text(30),
        "422": lambda: rng.choice(["276", "056", "752"]),
        "7003": lambda: f"{digits(2)}{rng.randint(1, 12):02}{rng.randint(1, 28):02}1230",
        "8008": lambda: f"{digits(2)}{rng.randint(1, 12):02}{rng.randint(1, 28):02}12",
        "91": lambda: text(40),
    }
    chosen = rng.sample(sorted(some), rng.randint(0, 6))
    pairs = [["01", checked(digits(13))]] + [[ai, some[ai]()] for ai in chosen]
    rng.shuffle(pairs)
    return pairs


def dressed(pairs):
    fixed = lambda ai: not AIS[ai].separator_required
    return "".join(ai + data + ("" if fixed(ai) else "\x1d") for ai, data in pairs)


def pairs_of(theirs):
    return [[found.ai.ai, found.value] for found in theirs.element_strings]


def messages(count=4000):
    """Whole messages, as barcodes and in brackets."""
    made = [message() for _ in range(count)]
    for pairs, answer in zip(made, ours(["]d2" + dressed(pairs) for pairs in made])):
        theirs = pairs_of(GS1Message.parse(dressed(pairs)))
        yield dressed(pairs), answer.get("ais"), theirs
        yield dressed(pairs), answer.get("ais"), pairs
    # biip ends bracketed data at any bracket; ours only at one that can begin an identifier.
    bare = [[[ai, data.replace("(", "").replace(")", "") or "A"] for ai, data in p] for p in made]
    lines = ["".join(f"({ai}){data}" for ai, data in pairs) for pairs in bare]
    for line, answer in zip(lines, ours(lines)):
        yield line, answer.get("ais"), pairs_of(GS1Message.parse_hri(line))


def spoiled(count=4000):
    """Messages with one character changed: where ours reads one, biip reads the same."""
    lines = []
    for _ in range(count):
        line = dressed(message())
        at = rng.randrange(len(line))
        lines.append(line[:at] + rng.choice(CSET82 + "\x1d 0123456789") + line[at + 1 :])
    for line, answer in zip(lines, ours(["]C1" + line for line in lines])):
        if "ais" not in answer:
            continue
        try:
            theirs = pairs_of(GS1Message.parse(line))
        except ParseError as error:
            theirs = str(error)
        # A repeated identifier with the same data is told once here, twice there.
        if isinstance(theirs, list):
            theirs = [pair for at, pair in enumerate(theirs) if pair not in theirs[:at]]
        yield line, answer["ais"], theirs


def links(count=4000):
    """Digital Links that biip writes from messages, with a foreign key in the query."""
    lines, expected = [], []
    for _ in range(count):
        # (20) to (91) stand in the query; biip would let (21) stand there too.
        message_ = GS1Message.parse(dressed(message()))
        uri = message_.as_gs1_digital_link_uri().as_uri(domain="shop.example", prefix="a/b")
        lines.append(uri + ("&utm=x" if "?" in uri else "?utm=x"))
        expected.append(uri)
    for line, uri, answer in zip(lines, expected, ours(lines)):
        theirs = GS1DigitalLinkURI.parse(uri)
        yield line, answer.get("ais"), pairs_of(theirs)
        yield line, answer["kind"], "digital_link"


def restricted(count=600):
    """Numbers of scales, by the countries that both know."""
    for country in ["de", "dk", "ee", "fi", "gb", "lt", "lv", "se"]:
        lines = []
        for _ in range(count):
            line = f"2{rng.randint(0, 9)}{digits(10)}"
            if rng.random() < 0.7 and country in ("de", "gb"):
                width = 5 if country == "de" else 4
                value = line[-width:]
                line = line[: -width - 1] + str(gs1_price_weight_check_digit(value)) + value
            lines.append(checked(line))
        config = ParseConfig(rcn_region=country)
        for line, answer in zip(lines, ours(lines, "--restricted", country)):
            try:
                theirs = Gtin.parse(line, config=config)
            except ParseError:
                yield f"{country} {line}", code(answer), "value_check_digit"
                continue
            minor = None if theirs.price is None else int(theirs.price * 100)
            grams = None if theirs.weight is None else int(theirs.weight * 1000)
            told = (answer.get("price_minor"), answer.get("weight_grams"), answer.get("pieces"))
            yield f"{country} {line}", told, (minor, grams, theirs.count)
            if told != (None, None, None):
                yield line, answer["item_reference"], theirs.item_reference
                zeroed = theirs.without_variable_measure().as_gtin_14()
                yield line, answer["item_gtin"], zeroed


def told_of(epc):
    return epc.get("epc_uri"), epc.get("epc_tag_uri"), "".join(f"({a}){d}" for a, d in epc["ais"])


def tags(count=2500):
    """Tags that epcpy writes."""
    lines, expected = [], []
    for _ in range(count):
        prefix, filter_ = rng.randint(6, 12), str(rng.randint(0, 7))
        company = digits(prefix)
        kind = rng.choice(["sgtin96", "sgtin198", "sscc", "grai"])
        number = str(rng.randrange(1 << 38))
        if kind == "sscc":
            epc = SSCC(f"urn:epc:id:sscc:{company}.{digits(17 - prefix)}")
            scheme, filter_ = SSCC.BinaryCodingScheme.SSCC_96, SSCCFilterValue(filter_)
        elif kind == "grai":
            epc = GRAI(f"urn:epc:id:grai:{company}.{digits(12 - prefix)}.{number}")
            scheme, filter_ = GRAI.BinaryCodingScheme.GRAI_96, GRAIFilterValue(filter_)
        else:
            long = kind == "sgtin198"
            # epcpy's own rule for serial numbers lacks characters that it writes escaped; those
            # are asked in `wild_tags` by what comes back.
            serial = "".join(rng.choice(CSET82.translate({ord(c): None for c in "\"%&/<>?"}))
                             for _ in range(rng.randint(1, 20))) if long else number
            epc = SGTIN(f"urn:epc:id:sgtin:{company}.{digits(13 - prefix)}.{serial}")
            scheme = SGTIN.BinaryCodingScheme["SGTIN_198" if long else "SGTIN_96"]
            filter_ = SGTINFilterValue(filter_)
        memory = epc.hex(binary_coding_scheme=scheme, filter_value=filter_)
        lines.append(memory + "0" * (-len(memory) % 4))
        tag_uri = epc.tag_uri(scheme, filter_)
        # epcpy writes an SSCC's filter before the scheme's name; the standard (section 12.3) has
        # it after, and epcpy's own reader wants it there.
        swapped = re.fullmatch(r"urn:epc:tag:(\d):sscc-96\.(.*)", tag_uri)
        tag_uri = f"urn:epc:tag:sscc-96:{swapped[1]}.{swapped[2]}" if swapped else tag_uri
        expected.append((epc.epc_uri, tag_uri, epc.gs1_element_string()))
    for line, theirs, answer in zip(lines, expected, ours(lines)):
        yield line, told_of(answer) if "ais" in answer else answer, theirs


def wild_tags(count=4000):
    """Any bits behind a known header: read alike, or refused by both."""
    lines = []
    for _ in range(count):
        header = rng.choice(["30", "31", "33", "36"])
        partition = f"{rng.randint(0, 7) << 5 | rng.randint(0, 7) << 2 | rng.randint(0, 1):02X}"
        rest = "".join(rng.choice("0123456789ABCDEF") for _ in range(20))
        if header == "31" and rng.random() < 0.8:
            rest = rest[:14] + "000000"
        if header == "36":
            serial = "".join(f"{ord(rng.choice(CSET82)):07b}" for _ in range(20))
            bits = f"{int(header + partition + rest, 16):096b}"[:58] + serial
            line = f"{int(bits.ljust(208, '0'), 2):052X}"
        else:
            line = header + partition + rest
        lines.append(line)
    kinds = {"30": SGTIN, "31": SSCC, "33": GRAI, "36": SGTIN}
    for line, answer in zip(lines, ours(lines)):
        try:
            epc = kinds[line[:2]].from_hex(line)
            theirs = (epc.epc_uri, epc.gs1_element_string())
        except (ConvertException, ValueError, IndexError):
            theirs = None
        told = told_of(answer)[::2] if "ais" in answer else None
        if line[:2] == "31" and line[-6:] != "000000":
            # The last 24 bits are zero in each SSCC-96 (Tag Data Standard, table 14-7): epcpy
            # does not look.
            theirs = None
        if line[:2] == "33" and int(line[2:4], 16) >> 2 & 7 == 0 and told is None:
            # Company prefixes of twelve digits leave no digit to the asset's type, so that its
            # four bits are zero (section 14.3.3, table 14-15): epcpy does not look.
            asset = int(line, 16) >> 38 & 15
            theirs = None if asset else theirs
        if line[:2] == "36" and theirs is None and told and re.search("[/<>?]", told[1]):
            # epcpy takes %2F, %3C, %3E and %3F, which it writes itself, for no escapes at all:
            # its pattern has digits only.
            continue
        yield line, told, theirs


def main():
    failed = 0
    groups = [gtins, upces, identifiers, messages, spoiled, links, restricted, tags, wild_tags]
    for group in groups:
        asked, differ = 0, []
        for line, mine, theirs in group():
            asked += 1
            if mine != theirs:
                differ.append((line, mine, theirs))
        print(f"{group.__name__:12} {asked:6} answers compared, {len(differ)} differ")
        for line, mine, theirs in differ[:8]:
            print(f"    {line!r}\n      outpost {mine!r}\n      oracle  {theirs!r}")
        failed += len(differ)
    print(f"seed {SEED}: {'all agree' if failed == 0 else f'{failed} differ'}")
    return 1 if failed else 0


sys.exit(main())
