import { describe, expect, it } from 'vitest';
import { codeName, constants, functionNames, probeNames, typeName } from '../../src/event/names.js';
import * as generated from '../../src/event/offsets.gen.js';

describe('typeName', () => {
  it.each([
    [4, 'ICMP_ECHOREPLY', 'echo-reply'],
    [4, 'ICMP_DEST_UNREACH', 'dest-unreachable'],
    [4, 'ICMP_SOURCE_QUENCH', 'source-quench'],
    [4, 'ICMP_REDIRECT', 'redirect'],
    [4, 'ICMP_ECHO', 'echo-request'],
    [4, 'ICMP_TIME_EXCEEDED', 'time-exceeded'],
    [4, 'ICMP_PARAMETERPROB', 'parameter-problem'],
    [4, 'ICMP_TIMESTAMP', 'timestamp-request'],
    [4, 'ICMP_INFO_REPLY', 'information-reply'],
    [4, 'ICMP_ADDRESSREPLY', 'address-mask-reply'],
    [4, 'ICMP_EXT_ECHOREPLY', 'extended-echo-reply'],
    [6, 'ICMPV6_DEST_UNREACH', 'dest-unreachable'],
    [6, 'ICMPV6_PKT_TOOBIG', 'packet-too-big'],
    [6, 'ICMPV6_PARAMPROB', 'parameter-problem'],
    [6, 'ICMPV6_ECHO_REQUEST', 'echo-request'],
    [6, 'ICMPV6_MGM_QUERY', 'mld-query'],
    [6, 'ICMPV6_MGM_REDUCTION', 'mld-done'],
    [6, 'NDISC_ROUTER_SOLICITATION', 'router-solicitation'],
    [6, 'NDISC_NEIGHBOUR_ADVERTISEMENT', 'neighbor-advertisement'],
    [6, 'NDISC_REDIRECT', 'redirect'],
    [6, 'ICMPV6_NI_REPLY', 'node-information-reply'],
    [6, 'ICMPV6_MLD2_REPORT', 'mld2-report'],
    [6, 'ICMPV6_DHAAD_REQUEST', 'home-agent-discovery-request'],
    [6, 'ICMPV6_MOBILE_PREFIX_ADV', 'mobile-prefix-advertisement'],
    [6, 'ICMPV6_MRDISC_ADV', 'multicast-router-advertisement'],
    [6, 'ICMPV6_EXT_ECHO_REPLY', 'extended-echo-reply'],
  ])('of version %i, %s is %s', (version, constant, expected) => {
    expect(typeName(version, constants.get(constant) as number)).toBe(expected);
  });

  it('is the number where there is no name', () => {
    const unnamed = (version: number) =>
      Array.from({ length: 256 }, (_, type) => type).filter(
        (type) => typeName(version, type) === String(type),
      );
    const outside = (...ranges: [number, number][]) =>
      Array.from({ length: 256 }, (_, type) => type).filter(
        (type) => !ranges.some(([first, last]) => type >= first && type <= last),
      );
    expect(unnamed(4)).toEqual(outside([0, 0], [3, 5], [8, 18], [42, 43]));
    expect(unnamed(6)).toEqual(outside([1, 4], [128, 161]));
  });
});

describe('codeName', () => {
  it.each([
    [4, 3, 'ICMP_PORT_UNREACH', 'port-unreachable'],
    [4, 3, 'ICMP_FRAG_NEEDED', 'fragmentation-needed'],
    [4, 3, 'ICMP_HOST_UNR_TOS', 'host-unreachable-for-tos'],
    [4, 3, 'ICMP_PREC_CUTOFF', 'precedence-cutoff'],
    [4, 5, 'ICMP_REDIR_HOSTTOS', 'redirect-host-for-tos'],
    [4, 11, 'ICMP_EXC_FRAGTIME', 'reassembly-time-exceeded'],
    [4, 43, 'ICMP_EXT_CODE_MULT_IFS', 'multiple-interfaces'],
    [6, 1, 'ICMPV6_PORT_UNREACH', 'port-unreachable'],
    [6, 1, 'ICMPV6_REJECT_ROUTE', 'route-rejected'],
    [6, 3, 'ICMPV6_EXC_HOPLIMIT', 'hop-limit-exceeded'],
    [6, 4, 'ICMPV6_HDR_INCOMP', 'incomplete-header-chain'],
    [6, 161, 'ICMP_EXT_CODE_NO_IF', 'no-such-interface'],
  ])('of version %i, type %i, %s is %s', (version, type, constant, expected) => {
    expect(codeName(version, type, constants.get(constant) as number)).toBe(expected);
  });

  it.each([
    [4, 9, 16, 'no-common-traffic'],
    [6, 138, 255, 'sequence-number-reset'],
    [6, 4, 10, 'option-too-big'],
    [6, 155, 0x8a, 'consistency-check'],
    [4, 3, 16, '16'],
    [4, 8, 0, ''],
    [6, 2, 0, ''],
    [6, 255, 9, ''],
  ])('of version %i, type %i, code %i is "%s"', (version, type, code, expected) => {
    expect(codeName(version, type, code)).toBe(expected);
  });
});

describe('constants', () => {
  it.each([
    ['ICMP_EXT_ECHO', 42],
    ['ICMPV6_MLD2_REPORT', 143],
    ['IPPROTO_UDP', 17],
    ['IPPROTO_ICMPV6', 58],
    ['AF_INET', 2],
    ['AF_INET6', 10],
  ])('%s is %i', (name, value) => {
    expect(constants.get(name)).toBe(value);
  });
});

describe('names by a number of the record', () => {
  it('stand where record.h says', () => {
    expect(functionNames[generated.FUNCTION_IPV4_LOCAL_OUT]).toBe('ipv4_local_out');
    expect(functionNames[generated.FUNCTION_IPV6_LOCAL_OUT]).toBe('ipv6_local_out');
    expect(functionNames[generated.FUNCTION_IPV4_LOCAL_IN]).toBe('ipv4_local_in');
    expect(functionNames[generated.FUNCTION_IPV6_LOCAL_IN]).toBe('ipv6_local_in');
    expect(probeNames[generated.PROBE_SEND]).toBe('send');
    expect(probeNames[generated.PROBE_RECEIVE]).toBe('receive');
  });
});
