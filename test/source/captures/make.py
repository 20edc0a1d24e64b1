"""Makes captures with scapy, an encoder that is not ours: every type of message, each link layer, fragments, quotes
of every kind, captures that were cut short, and packets that were spoilt at random.

make.py FOLDER           all of them
make.py FOLDER SEED N    only so many spoilt packets, others than these: to look for what no capture shows yet"""
import random
import struct
import sys

from scapy.config import conf

conf.verb = 0
FOLDER = sys.argv[1]
SEED, MUTANTS = (int(text) for text in sys.argv[2:4] or ("4", "1500"))

from headers import echoes, fragments, headers, others, overlaps, spoilt  # noqa: E402
from icmp import extensions, icmp_types  # noqa: E402
from icmpv6 import icmpv6_types, options  # noqa: E402
from links import *  # noqa: E402, F403
from quotes import quotes  # noqa: E402


def cuts(packets):
    """Each packet whole, then as captures with every snap length would have it, from its IP header on."""
    for packet in packets:
        data = bytes(packet)
        yield data
        for kept in range(20 if packet.version == 4 else 40, min(len(data), 300)):
            yield data, kept


def mutants(packets):
    """Bytes behind the addresses changed, mostly few, and half of the packets shortened, as their IP header says."""
    chance = random.Random(SEED)
    for _ in range(MUTANTS):
        packet = chance.choice(packets)
        data = bytearray(bytes(packet))
        header = 20 if packet.version == 4 else 40
        for _ in range(chance.choice((1, 1, 1, 2, 3, 8))):
            at = chance.randrange(header, len(data))
            data[at] = chance.choice((0, 1, 0xFF, chance.randrange(256), data[at] ^ 1 << chance.randrange(8)))
        if chance.random() < 0.5:
            del data[chance.randrange(header, len(data)) :]
        if packet.version == 4:
            data[2:4] = struct.pack("!H", len(data))
        else:
            data[4:6] = struct.pack("!H", len(data) - header)
        yield bytes(data)


def path(name):
    return f"{FOLDER}/{name}"


icmp4, icmp6 = [p for p in icmp_types() if p.version == 4], [*icmpv6_types()]
messages = [*icmp_types(), *icmpv6_types()]
long = [*options(), *quotes(), *extensions()]
sample = messages[::5]

write(path("mutants.pcap"), DLT_RAW, mutants([*messages, *long]))
if sys.argv[2:]:
    sys.exit()

write(path("icmp.pcap"), DLT_IPV4, icmp4)
write(path("icmpv6.pcap"), DLT_IPV6, icmp6)
write(path("options.pcap"), DLT_RAW, options())
write(path("quotes.pcap"), DLT_RAW, quotes())
write(path("extensions.pcap"), DLT_RAW, extensions())
write(path("headers.pcap"), DLT_RAW, headers())
write(path("echoes.pcap"), DLT_RAW, echoes())
write(path("fragments.pcap"), DLT_RAW, fragments())
write(path("overlaps.pcap"), DLT_RAW, overlaps())
write(path("spoilt.pcap"), DLT_RAW, spoilt())
write(path("others.pcap"), DLT_RAW, others())

frames = (ethernet, tagged, twice_tagged, old_twice_tagged, labelled, in_session, secured)
write(path("ethernet.pcap"), DLT_ETHERNET, [frame(packet) for frame in frames for packet in sample])
write(path("microseconds.pcap"), DLT_ETHERNET, map(ethernet, sample), magic=MICROSECONDS)
write(path("big-endian.pcap"), DLT_ETHERNET, map(ethernet, sample), order=">")
write_ng(path("ethernet.pcapng"), map(ethernet, sample))
write_big_endian_ng(path("big-endian.pcapng"), DLT_RAW, sample)
write(path("ppp.pcap"), DLT_PPP, map(point_to_point, sample))
for version, link_type in ((1, DLT_SLL), (2, DLT_SLL2)):
    sent_and_received = [cooked(packet, version, 4 if index % 2 else 0) for index, packet in enumerate(sample)]
    behind_tag = [cooked(packet, version, 0, tag=5) for packet in sample]
    write(path(f"sll{version}.pcap"), link_type, [*sent_and_received, *behind_tag])
numbers6 = (24, 28, 30)
write(path("null.pcap"), DLT_NULL, [family(packet, "<", number) for packet in sample for number in numbers6])
write(path("null-big-endian.pcap"), DLT_NULL, [family(packet, ">") for packet in sample], order=">")
write(path("loop.pcap"), DLT_LOOP, [family(packet, ">") for packet in sample])
write(path("unsupported.pcap"), DLT_80211, [bytes(packet) for packet in sample])

for snaplen in (60, 96):
    write(path(f"snaplen-{snaplen}.pcap"), DLT_RAW, messages, snaplen=snaplen)
write(path("snaplen-80-vlan.pcap"), DLT_ETHERNET, map(tagged, messages), snaplen=80)
write(path("cut.pcap"), DLT_RAW, cuts([*messages[::3], *long[::4]]))
