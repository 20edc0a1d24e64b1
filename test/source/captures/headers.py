"""What stands in front of a message: options, extension headers, fragments; and messages that are none of ours."""
import struct

from scapy.layers.inet import ICMP, IP, UDP, IPOption_RR, IPOption_Router_Alert, fragment
from scapy.layers.inet6 import *  # noqa: F403
from scapy.layers.ipsec import AH
from scapy.layers.l2 import GRE
from scapy.packet import Raw

from packets import A4, A6, B4, B6, LINK6, icmp, icmp6, raw4, raw6, udp4


def headers():
    echo4 = ICMP(type=8, id=1, seq=1) / Raw(b"d" * 8)
    yield icmp(echo4, options=[IPOption_Router_Alert()])
    yield icmp(echo4, options=[IPOption_RR(length=39, routers=["0.0.0.0"] * 9)])
    yield icmp(echo4, tos=0xFF, ttl=255, id=0xFFFF, flags=7 & ~1)
    yield icmp(echo4, tos=0, ttl=0, id=0)
    # Without a length, as segmentation offload leaves it, and with one that is longer than the frame.
    yield icmp(echo4, len=0)
    yield icmp(echo4, len=500)
    yield icmp6(ICMPv6EchoRequest(id=1, seq=1, data=b"d" * 8), plen=500)
    yield IP(src=A4, dst=B4, proto=51) / AH(nh=1, spi=1, seq=1, icv=b"i" * 12, payloadlen=4) / echo4
    echo = ICMPv6EchoRequest(id=1, seq=1, data=b"d" * 8)
    head = {"src": A6, "dst": B6}
    yield IPv6(**head) / IPv6ExtHdrHopByHop(options=[RouterAlert()]) / IPv6ExtHdrDestOpt() / echo
    yield IPv6(**head) / IPv6ExtHdrRouting(addresses=["2001:db8::77", "2001:db8::78"], segleft=0) / echo
    yield IPv6(**head) / IPv6ExtHdrRouting(addresses=["2001:db8::77", "2001:db8::78"], segleft=2) / echo
    yield IPv6(**head) / IPv6ExtHdrRouting(type=2, addresses=["2001:db8::77"], segleft=1) / echo
    yield IPv6(**head) / IPv6ExtHdrSegmentRouting(addresses=["2001:db8::77", "2001:db8::78"], segleft=1) / echo
    # RFC 6554: of the last address the nine bytes that the destination has, too, are left out; one pads.
    message = bytes(raw6(128, 0, b"abcd", dst="2001:db8:1::78")[Raw])
    yield IPv6(nh=43, **head) / Raw(bytes([58, 1, 3, 1, 0x09, 0x10, 0, 0]) + bytes(6) + b"\x78\0" + message)
    for type_ in (3, 5):
        yield IPv6(**head) / IPv6ExtHdrRouting(type=type_, addresses=["2001:db8::77"], segleft=1) / echo
        yield IPv6(**head) / IPv6ExtHdrRouting(type=type_, addresses=["2001:db8::77"], segleft=0) / echo
    yield IPv6(**head) / IPv6ExtHdrFragment(offset=0, m=0, id=0xABCD) / echo
    yield IPv6(**head) / IPv6ExtHdrDestOpt(options=[PadN(optdata=bytes(12))]) / echo
    yield IPv6(**head) / IPv6ExtHdrDestOpt(options=[HAO(hoa="2001:db8:99::1")]) / echo
    yield IPv6(nh=51, **head) / AH(nh=58, spi=1, seq=1, icv=b"i" * 12, payloadlen=4) / Raw(bytes(raw6(128, 0, b"abcd")[Raw]))
    nested = IPv6(**head)
    for _ in range(12):
        nested = nested / IPv6ExtHdrDestOpt()
    yield nested / echo
    # Options that tshark cannot dissect, and one that is longer than its header.
    done = bytes(raw6(132, 0, bytes(20), src=LINK6, dst="ff02::2")[Raw])
    for options in (b"\x07\x02\0\0\x01\0", b"\x05\x02\0\0\x01\x01"):
        yield IPv6(src=LINK6, dst="ff02::2", nh=0, hlim=1) / Raw(b"\x3a\0" + options + done)
    # Messages as short as they can be.
    for length in range(8):
        yield IP(src=A4, dst=B4, proto=1) / Raw(b"\x08\0\xf7\xff\0\0\0\0"[:length])
        yield IPv6(nh=58, **head) / Raw(b"\x80\0\x12\x34\0\0\0\0"[:length])


def echoes():
    """Requests and their replies, one reply that nobody asked for, and one to somebody else's request."""
    for sequence in range(4):
        data = b"e" * 8
        yield IP(src=A4, dst=B4) / ICMP(type=8, id=7, seq=sequence) / data
        yield IPv6(src=A6, dst=B6) / ICMPv6EchoRequest(id=7, seq=sequence, data=data)
        yield IPv6(src=B6, dst=A6) / ICMPv6EchoReply(id=7, seq=sequence, data=data)
        yield IP(src=B4, dst=A4) / ICMP(type=0, id=7, seq=sequence) / data
    yield IP(src=B4, dst=A4) / ICMP(type=0, id=7, seq=99)
    yield IPv6(src=B6, dst=A6) / ICMPv6EchoReply(id=8, seq=1)
    yield IP(src="192.0.2.77", dst=B4) / ICMP(type=8, id=9, seq=1)
    yield IP(src=B4, dst=A4) / ICMP(type=0, id=9, seq=1)


def spoilt():
    """Checksums: wrong by one bit, all zeros, all ones."""
    for packet in (icmp(ICMP(type=8) / Raw(b"x" * 9)), icmp6(ICMPv6EchoRequest(data=b"x" * 9))):
        data = bytearray(bytes(packet))
        data[-1] ^= 0xFF
        yield Raw(bytes(data))
    for wrong in (0, 0xFFFF, 1):
        yield icmp(ICMP(type=8, chksum=wrong) / Raw(b"x" * 9))
        yield icmp6(ICMPv6EchoRequest(cksum=wrong, data=b"x" * 9))
    # Of which the right one is 0 or 0xffff: both are zero in one's complement.
    yield icmp(ICMP(type=8, id=0xF7FF, seq=0, chksum=0))
    yield icmp(ICMP(type=8, id=0xF7FF, seq=0, chksum=0xFFFF))


def fragments():
    """Whole, in reverse, with a duplicate, interleaved, and ones that stay incomplete."""
    yield from fragment(icmp(ICMP(type=8, id=1, seq=1) / Raw(bytes(range(256)) * 12), id=100), 1000)
    yield from reversed(fragment(icmp(ICMP(type=8, id=1, seq=2) / Raw(b"r" * 3000), id=101), 1000))
    yield from parts6(1, b"s" * 3000)
    first, second, third = parts6(2, b"t" * 2000)[:3]
    yield from (third, first, first, second)
    one = fragment(icmp(ICMP(type=0, id=1, seq=4) / Raw(b"v" * 1500), id=103), 1000)
    other = fragment(icmp(ICMP(type=0, id=1, seq=5) / Raw(b"w" * 1500), id=104), 1000)
    yield from (one[0], other[1], one[1], other[0])
    yield fragment(icmp(ICMP(type=8, id=1, seq=3) / Raw(b"u" * 3000), id=102), 1000)[0]
    yield fragment(icmp(ICMP(type=8, id=1, seq=6) / Raw(b"u" * 3000), id=105), 1000)[1]
    yield parts6(3, b"x" * 3000)[0]
    yield parts6(4, b"x" * 3000)[1]
    # What quotes, in fragments; headers behind the fragment header; a wrong checksum.
    yield from fragment(icmp(ICMP(type=3, code=3) / udp4 / Raw(b"q" * 1500), id=106), 800)
    long = IPv6(src=A6, dst=B6) / IPv6ExtHdrFragment(id=0x2000) / IPv6ExtHdrDestOpt() / ICMPv6EchoRequest(data=b"o" * 2000)
    yield from fragment6(long, 1000)
    alert = IPv6ExtHdrHopByHop(options=[RouterAlert()])
    yield from fragment6(IPv6(src=A6, dst=B6) / alert / IPv6ExtHdrFragment(id=0x2001) / ICMPv6EchoReply(data=b"h" * 2000), 1000)
    yield from fragment(icmp(ICMP(type=8, id=1, seq=7, chksum=0xBAD) / Raw(b"k" * 1500), id=107), 1000)
    yield from fragment(IP(src=A4, dst=B4, id=108) / UDP(sport=1, dport=2) / Raw(b"n" * 1500), 1000)


def overlaps():
    """Fragments that overlap, with other bytes where they do; then one datagram more, so that nobody waits."""
    for sequence, version in enumerate((4, 6)):
        if version == 4:
            whole = icmp(ICMP(type=8, id=3, seq=sequence) / Raw(b"a" * 1500), id=200)
            first, last = fragment(whole, 1000)
            between = IP(src=A4, dst=B4, id=200, proto=1, flags="MF", frag=60) / Raw(b"b" * 800)
        else:
            first, last = parts6(9, b"a" * 1500)[:2]
            between = IPv6(src=A6, dst=B6) / IPv6ExtHdrFragment(id=0x1009, nh=58, offset=60, m=1) / Raw(b"b" * 800)
        yield from (first, between, last)
    yield icmp(ICMP(type=8))


def parts6(sequence, data):
    packet = IPv6(src=A6, dst=B6) / IPv6ExtHdrFragment(id=0x1000 + sequence) / ICMPv6EchoRequest(id=2, seq=sequence, data=data)
    return fragment6(packet, 1000)


def others():
    """Messages inside of other packets, and of the other version: none of this IP layer's."""
    yield IP(src=A4, dst=B4) / icmp(ICMP(type=8))
    yield IP(src=A4, dst=B4) / icmp6(ICMPv6EchoRequest())
    yield IPv6(src=A6, dst=B6) / icmp6(ICMPv6EchoRequest())
    yield IPv6(src=A6, dst=B6) / IPv6ExtHdrDestOpt() / icmp(ICMP(type=8))
    yield IP(src=A4, dst=B4) / GRE() / icmp(ICMP(type=8))
    yield IP(src=A4, dst=B4, proto=58) / Raw(bytes(raw6(128, 0, bytes(4))[Raw]))
    yield IPv6(src=A6, dst=B6, nh=1) / Raw(bytes(raw4(8, 0, bytes(4))[Raw]))
    yield IPv6(src=A6, dst=B6, nh=59) / Raw(bytes(raw6(128, 0, bytes(4))[Raw]))
    yield icmp(ICMP(type=8))
