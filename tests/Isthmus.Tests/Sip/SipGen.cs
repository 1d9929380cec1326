// SPDX-License-Identifier: Apache-2.0
using System.Net;
using CsCheck;
using Isthmus.Sip;

namespace Isthmus.Tests.Sip;

/// <summary>Random values of SIP's grammar, for properties.</summary>
internal static class SipGen
{
    public const string Alphanumeric = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";

    public static Gen<T> OneOf<T>(params T[] values) => Gen.Int[0, values.Length - 1].Select(i => values[i]);

    public static readonly Gen<string> Word = Gen.Char[Alphanumeric].Array[1, 12].Select(letters => new string(letters));

    public static readonly Gen<string> AnyText = Gen.OneOf(Word, Gen.Char[" !\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~aZ09äß語"].Array[0, 16].Select(letters => new string(letters)));

    public static readonly Gen<IPAddress> V4 = Gen.Byte.Array[4].Select(bits => new IPAddress(bits));

    public static readonly Gen<IPAddress> V6 = Gen.OneOf(
        Gen.Byte.Array[16],
        Gen.Byte.Array[16].Select(bits => (byte[])[.. bits[..4], 0, 0, 0, 0, 0, 0, 0, 0, .. bits[12..]]),
        Gen.Byte.Array[4].Select(bits => (byte[])[0, 0x64, 0xff, 0x9b, 0, 0, 0, 0, 0, 0, 0, 0, .. bits]),
        Gen.Const((byte[])[0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1]))
        .Select(bits => new IPAddress(bits)).Where(address => !address.IsIPv4MappedToIPv6);

    public static readonly Gen<Host> Host = Gen.OneOf(
        V4.Select(Isthmus.Sip.Host.From),
        V6.Select(Isthmus.Sip.Host.From),
        Gen.Select(Word, Word, (label, top) => Isthmus.Sip.Host.TryParse($"{label}.x{top}", out Host host) ? host : default));

    public static readonly Gen<HostPort> HostPort = Gen.Select(Host, Gen.Int[-1, 65535], (host, port) => new HostPort(host, port < 0 ? null : port));

    public static readonly Gen<SipUri> Uri = Gen.Select(AnyText, HostPort, Gen.Int[0, 5], Word, AnyText, Gen.Bool, (user, hostPort, transport, name, value, secure) =>
    {
        SipUri uri = SipUri.Create(user.Length == 0 ? null : user, hostPort, transport < 5 ? (SipTransport)transport : null, secure);
        return value.Length == 0 ? uri.WithParameter("lr") : uri.WithParameter("x" + name, value);
    });

    public static readonly Gen<NameAddr> NameAddr = Gen.Select(Uri, AnyText, Word, AnyText, (uri, display, name, value) =>
        new NameAddr(uri, display.Length == 0 ? null : display, new SipParameters(new KeyValuePair<string, string?>("tag", name), new("x" + name, value))));

    public static readonly Gen<Via> Via = Gen.Select(Gen.Int[0, 4], HostPort, Word, Gen.OneOf(V4, V6), Gen.Int[1, 65535], Gen.Bool, (transport, sentBy, branch, source, port, rport) =>
        new Via((SipTransport)transport, sentBy, Isthmus.Sip.Via.MagicCookie + branch, rport).ReceivedFrom(new IPEndPoint(source, port)));
}
