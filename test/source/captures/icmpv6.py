"""Every type of ICMPv6, multicast records, and the options of neighbour discovery."""
import struct

from scapy.layers.inet6 import *  # noqa: F403
from scapy.packet import Raw

from packets import A6, B6, LINK6, icmp6, raw6, udp6

ALERT = IPv6ExtHdrHopByHop(options=[RouterAlert()])


def icmpv6_types():
    for code in range(10):
        yield icmp6(ICMPv6DestUnreach(code=code) / udp6)
    yield icmp6(ICMPv6PacketTooBig(mtu=1400) / udp6)
    yield icmp6(ICMPv6PacketTooBig(mtu=0xFFFFFFFF) / udp6)
    for code in range(3):
        yield icmp6(ICMPv6TimeExceeded(code=code) / udp6)
    for code in range(12):
        yield icmp6(ICMPv6ParamProblem(code=code, ptr=48 + code) / udp6)
    yield icmp6(ICMPv6EchoRequest(id=0x4321, seq=9, data=b"y" * 56), hlim=63, tc=0xB8, fl=0x12345)
    yield icmp6(ICMPv6EchoReply(id=0x4321, seq=9, data=b"y" * 57))
    yield from listeners()
    yield from neighbours()
    renumbering = struct.pack("!IBBHI", 99, 3, 0xA8, 500, 0)
    yield raw6(138, 0, renumbering + struct.pack("!BBBBBBH16s", 1, 3, 0, 64, 0, 128, 0, bytes(16)))
    yield raw6(138, 1, renumbering)
    yield raw6(138, 255, renumbering)
    yield icmp6(ICMPv6NIQueryIPv6(data=B6))
    yield icmp6(ICMPv6NIQueryName(data="host.example.org"))
    yield icmp6(ICMPv6NIQueryIPv4(data="192.0.2.7"))
    yield icmp6(ICMPv6NIReplyIPv6(data=[(0, B6)]))
    yield icmp6(ICMPv6NIReplyName(data=[0, "host.example.org"]))
    yield icmp6(ICMPv6NIReplyRefuse())
    yield icmp6(ICMPv6NIReplyUnknown())
    source, target = ICMPv6NDOptSrcLLAddr(), ICMPv6NDOptDstLLAddr()
    yield icmp6(ICMPv6ND_INDSol() / source / target / ICMPv6NDOptSrcAddrList(addrlist=[A6]))
    yield icmp6(ICMPv6ND_INDAdv() / source / target / ICMPv6NDOptTgtAddrList(addrlist=[A6, B6]))
    yield icmp6(ICMPv6HAADRequest(id=5))
    yield icmp6(ICMPv6HAADReply(id=5, addresses=[A6]))
    yield icmp6(ICMPv6MPSol(id=6))
    yield icmp6(ICMPv6MPSol(id=6) / ICMPv6NDOptSrcLLAddr(lladdr="02:00:00:00:00:01"))
    yield icmp6(ICMPv6MPAdv(id=6) / ICMPv6NDOptPrefixInfo(prefix="2001:db8:7::", prefixlen=60))
    yield icmp6(ICMPv6MRD_Advertisement(advinter=20, queryint=125, robustness=2))
    yield icmp6(ICMPv6MRD_Solicitation())
    yield icmp6(ICMPv6MRD_Termination())
    for subtype in (2, 3, 4, 5):
        yield raw6(154, 0, struct.pack("!BBH", subtype, 0, 77) + bytes([1, 1, 2, 0, 0, 0, 0, 9]))
    yield raw6(155, 0, bytes(4))
    yield raw6(155, 1, bytes(24))
    yield raw6(156, 1, struct.pack("!BBH", 1, 2, 300) + bytes(8) + struct.pack("!I", 10))
    for type_ in (157, 158):
        yield raw6(type_, 0, struct.pack("!BBH8s16s", 0, 0, 60, bytes(range(8)), bytes(range(16))))
    yield raw6(159, 0, bytes(8))
    yield raw6(159, 0, bytes(7) + b"\xff")
    yield raw6(150, 0, bytes(8))
    for code in range(6):
        yield raw6(161, code, struct.pack("!HBB", 9, 200 + code, 0x46))
    # Errors that no RFC defines yet, and informational messages.
    for type_ in (5, 99, 100, 101, 127):
        yield raw6(type_, 0, bytes(4) + bytes(udp6))
    for type_ in (162, 200, 201, 255):
        yield raw6(type_, 0, bytes(range(24)))


def listeners():
    local = {"src": LINK6, "hlim": 1}
    yield IPv6(dst="ff02::1", **local) / ALERT / ICMPv6MLQuery(mladdr="::", mrd=10000)
    yield IPv6(dst="ff02::fb", **local) / ALERT / ICMPv6MLQuery(mladdr="ff02::fb", mrd=1000)
    yield IPv6(dst="ff02::1", **local) / ALERT / ICMPv6MLQuery2(mladdr="::")
    yield IPv6(dst="ff02::1", **local) / ALERT / ICMPv6MLQuery2(mladdr="ff02::fb", sources=[A6, B6])
    yield IPv6(dst="ff02::fb", **local) / ALERT / ICMPv6MLReport(mladdr="ff02::fb")
    yield IPv6(dst="ff02::2", **local) / ALERT / ICMPv6MLDone(mladdr="ff02::fb")
    records = [
        ICMPv6MLDMultAddrRec(
            rtype=n % 8,
            dst=f"ff02::{n + 1:x}",
            sources=[f"2001:db8::{s + 1:x}" for s in range(n % 4)],
            # In words (RFC 3810, section 5.2.6); scapy would count bytes.
            auxdata_len=2 if n % 5 == 4 else 0,
            auxdata=b"auxdata!" if n % 5 == 4 else b"",
        )
        for n in range(60)
    ]
    for some in (records[:0], records[:1], records[:6], records):
        yield IPv6(dst="ff02::16", **local) / ALERT / ICMPv6MLReport2(records=some)
    for number in (1, 3):
        yield IPv6(dst="ff02::16", **local) / ALERT / ICMPv6MLReport2(records_number=number, records=records[:2])


def neighbours():
    yield icmp6(ICMPv6ND_RS() / ICMPv6NDOptSrcLLAddr(lladdr="02:00:00:00:00:01"), LINK6, "ff02::2", hlim=255)
    yield icmp6(ICMPv6ND_RS(), "::", "ff02::2", hlim=255)
    yield icmp6(
        ICMPv6ND_RA(routerlifetime=1800, reachabletime=30000, retranstimer=1000)
        / ICMPv6NDOptSrcLLAddr(lladdr="02:00:00:00:00:01")
        / ICMPv6NDOptPrefixInfo(
            prefix="2001:db8:5::", prefixlen=64, L=1, A=1, R=1, validlifetime=7200, preferredlifetime=3600
        )
        / ICMPv6NDOptPrefixInfo(prefix="2001:db8:6::", prefixlen=48, L=0, A=1)
        / ICMPv6NDOptMTU(mtu=1480)
        / ICMPv6NDOptRouteInfo(prefix="2001:db8:6::", plen=48, prf=1, rtlifetime=600)
        / ICMPv6NDOptRDNSS(dns=["2001:db8::53", "2001:db8::54"], lifetime=900)
        / ICMPv6NDOptDNSSL(searchlist=["example.org", "lab.example.net"], lifetime=901)
        / ICMPv6NDOptAdvInterval(advint=4000)
        / ICMPv6NDOptHAInfo(pref=2, lifetime=77)
        / ICMPv6NDOptEFA(),
        LINK6,
        "ff02::1",
        hlim=255,
    )
    yield icmp6(ICMPv6ND_RA(routerlifetime=0xFFFF, reachabletime=2**32 - 1, retranstimer=2**31), LINK6, "ff02::1")
    yield icmp6(ICMPv6ND_NS(tgt=B6) / ICMPv6NDOptSrcLLAddr(lladdr="02:00:00:00:00:01"), LINK6, "ff02::1:ff00:2", hlim=255)
    for target in ("::192.0.2.1", "::ffff:192.0.2.1", "64:ff9b::192.0.2.1"):
        yield icmp6(ICMPv6ND_NS(tgt=target), LINK6, "ff02::1:ff00:2", hlim=255)
    yield icmp6(ICMPv6ND_NS(tgt=B6) / Raw(option(14, b"sixbyt")), "::", "ff02::1:ff00:2", hlim=255)
    yield icmp6(ICMPv6ND_NA(tgt=B6, R=1, S=1, O=1) / ICMPv6NDOptDstLLAddr(lladdr="02:00:00:00:00:02"), LINK6, A6, hlim=255)
    yield icmp6(
        ICMPv6ND_Redirect(tgt=LINK6, dst=B6)
        / ICMPv6NDOptDstLLAddr(lladdr="02:00:00:00:00:02")
        / ICMPv6NDOptRedirectedHdr(pkt=udp6),
        LINK6,
        A6,
        hlim=255,
    )


def option(type_, data):
    """RFC 4861, section 4.6: padded to units of eight bytes."""
    units = (2 + len(data) + 7) // 8
    return (bytes([type_, units]) + data).ljust(8 * units, b"\0")


def names(*domains):
    """RFC 1035, section 3.1."""
    return b"".join(
        b"".join(bytes([len(label)]) + label for label in domain.encode().split(b".")) + b"\0" for domain in domains
    )


def known_options():
    six = bytes.fromhex("20010db8000000000000000000000077")
    lifetime = struct.pack("!I", 600)
    for length in (0, 4, 8, 16):
        for bits, flags in ((0, 0x00), (8 * length - 3 if length else 0, 0x18)):
            yield option(24, bytes([bits, flags]) + lifetime + six[:length])
    for code in range(8):
        yield option(38, struct.pack("!H", 1800 | code) + six[:12])
    yield option(25, bytes(2) + lifetime + six)
    yield option(25, bytes(2) + struct.pack("!I", 2**32 - 1) + six + six[::-1])
    yield option(31, bytes(2) + lifetime + names("a.b", "sub.example.com"))
    yield option(31, bytes(2) + lifetime + names("x" * 63 + ".org"))
    yield option(31, bytes(2) + lifetime + names("bell\a.nul\0x.org"))
    yield option(31, bytes(2) + lifetime + names("a.b", "x" * 64 + ".org"))
    yield option(31, bytes(2) + lifetime + names("a.b", "sub.example.org")[:-1])
    yield option(37, b"https://example.org/portal?id=1")
    yield option(37, b"exactly8" * 2 + b"bytes!")
    yield option(1, bytes(range(8)))
    yield option(2, bytes(range(6)))
    yield option(1, bytes(range(14)))
    yield option(3, bytes([65, 0xFF]) + struct.pack("!III", 2**32 - 1, 2**31, 0) + six)
    yield option(5, bytes(2) + struct.pack("!I", 2**32 - 1))
    yield option(7, bytes(2) + struct.pack("!I", 2**32 - 1))
    yield option(8, struct.pack("!HHH", 0, 65535, 65534))
    yield option(13, bytes(6) + struct.pack("!IHH", 0, 1, 2))
    yield option(13, bytes(6) + struct.pack("!HIH", 0, 1_700_000_000, 0x8000))
    yield option(14, b"nonce of fourteen")
    yield option(12, bytes(2) + bytes(range(16)) + b"signature")
    yield option(11, bytes(2) + bytes(range(16)) + six[:8] + bytes([0]) + b"key")
    yield option(15, bytes([1, 0]) + b"\x30\x0a")
    yield option(16, bytes([1, 0]) + b"cert")
    yield option(26, bytes([0x80, 0, 0, 0, 0, 0]))


def other_options():
    """Types whose payload we show as it is, types that nobody knows, and options that are too short for their type."""
    for type_ in (6, 17, 18, 19, 20, 23, 27, 28, 29, 30, 32, 33, 34, 35, 36, 39, 138, 139, 200, 253):
        yield option(type_, bytes(range(14)))
    for type_ in (3, 13, 24, 25, 31, 38):
        yield option(type_, bytes([64, 0, 1, 2, 3, 4]))


def options():
    """One message for each, so that one that tshark stumbles over does not hide the others."""
    link = bytes([1, 1, 2, 0, 0, 0, 0, 1])
    for item in known_options():
        yield raw6(134, 0, struct.pack("!BBHII", 64, 0, 1800, 0, 0) + link + item, LINK6, "ff02::1", hlim=255)
    for item in other_options():
        yield raw6(135, 0, bytes(4) + bytes(range(16)) + item, LINK6, "ff02::1", hlim=255)
    # Without a length, longer than the message, and half of one.
    for item in (bytes([1, 0]) + bytes(6), bytes([1, 3]) + bytes(6), bytes([1, 1]) + bytes(3)):
        yield raw6(133, 0, bytes(4) + link + item, LINK6, "ff02::2", hlim=255)
    for type_, identifier in ((148, struct.pack("!HH", 1, 65535)), (149, struct.pack("!HHHH", 1, 2, 0, 0))):
        yield raw6(type_, 0, identifier + option(15, bytes([1, 0]) + b"\x30\x0a") + option(14, b"sixbyt"))
