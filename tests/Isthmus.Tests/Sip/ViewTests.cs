// SPDX-License-Identifier: Apache-2.0
using System.Text;
using CsCheck;
using Isthmus.Sip;
using Isthmus.Tests.Conformance;

namespace Isthmus.Tests.Sip;

public sealed class ViewTests
{
    private static readonly Gen<string> Parameters = SipGen.OneOf(";branch=z9hG4bKa", ";branch=", ";branch", ";Branch=x", ";branch=\"q\"", ";rport", ";rport=5060", ";rport=", ";rportal=1", ";RPORT", ";received=192.0.2.7",
        ";received=[::1]", ";received", ";maddr=h", ";tag=abcdefghijklmnop", ";tag=", ";tag", ";tag=\"t\"", ";Tag=a", ";lr", ";x=1", " ", "=", ";", "@", "1").Array[0, 7].Select(parts => string.Concat(parts));

    private static readonly byte[] Alphabet = Encoding.ASCII.GetBytes("sip:SIP/2.0 UDP<>[]:;=,\"\\@%41.?&\r\n\t lrtagbranch0123456789zé");

    [Fact]
    public void View_OfGeneratedVia_SaysWhatTheObjectSays() => SipGen.Via.Sample(via => Agreement.OfVia(Encoding.UTF8.GetBytes(via.ToString())));

    [Fact]
    public void View_OfGeneratedAddress_SaysWhatTheObjectSays() => SipGen.NameAddr.Sample(address => Agreement.OfAddress(Encoding.UTF8.GetBytes(address.ToString())));

    [Fact]
    public void View_OfGeneratedUri_SaysWhatTheObjectSays() => SipGen.Uri.Sample(uri => Agreement.OfUri(Encoding.UTF8.GetBytes(uri.ToString())));

    [Fact]
    public void View_OfAnyText_SaysWhatTheObjectSays() => Gen.Select(SipGen.OneOf(Encoding.UTF8.GetBytes("SIP/2.0/UDP h;branch=z9hG4bKa"), Encoding.UTF8.GetBytes("\"A\" <sip:u%41@[::1]:5;lr;x=%6C>;tag=\"t\""),
        Encoding.UTF8.GetBytes("sip:u@h;transport=%74cp;%6Cr?a=b")), Gen.Select(Gen.Int[0, 45], SipGen.OneOf(Alphabet)).Array[0, 4], (start, changes) =>
        {
            byte[] text = [.. start];
            foreach (var (at, octet) in changes)
            {
                text[at % text.Length] = octet;
            }

            return text;
        }).Sample(text =>
        {
            Agreement.OfVia(text);
            Agreement.OfAddress(text);
            Agreement.OfUri(text);
        }, iter: 20_000);

    [Fact]
    public void View_OfParametersInAnyOrder_SaysWhatTheObjectSays() => Parameters.Sample(parameters =>
    {
        Agreement.OfVia(Encoding.ASCII.GetBytes($"SIP/2.0/UDP 192.0.2.1:5060{parameters}"));
        Agreement.OfAddress(Encoding.ASCII.GetBytes($"<sip:u@h>{parameters}"));
        byte[] several = Encoding.ASCII.GetBytes($"SIP/2.0/UDP 192.0.2.1{parameters} , SIP/2.0/TCP h");
        Assert.Equal(ViaParts.TryScan(several.AsSpan(..^" , SIP/2.0/TCP h".Length).TrimEnd((byte)' '), out ViaParts alone), ViaParts.TryScanFirst(several, out ViaParts first) && first.IsFollowed);
        Assert.Equal((alone.End, alone.Branch, alone.Rport, alone.Received, alone.HasMaddr), (first.End, first.Branch, first.Rport, first.Received, first.HasMaddr));
    }, iter: 50_000);

    [Fact]
    public void View_OfTortureMessages_SaysWhatTheObjectSays()
    {
        foreach (byte[] bytes in Torture())
        {
            if (SipParser.Parse(bytes) is { Message: { } message } result)
            {
                Agreement.OfEverything(message);
                if (result.Outcome == ParseOutcome.Ok)
                {
                    Agreement.OfWellFormed(message);
                }
            }
        }
    }

    [Theory]
    [InlineData("a.example", "A.example.", true)]
    [InlineData("a.example", "b.example", false)]
    [InlineData("192.0.2.1", "192.0.2.1", true)]
    [InlineData("192.0.2.1", "192.00.2.001", true)]
    [InlineData("192.0.2.1", "192.0.2.2", false)]
    [InlineData("192.0.2.1", "[::ffff:192.0.2.1]", true)]
    [InlineData("[2001:db8::1]", "[2001:DB8:0:0::0:1]", true)]
    [InlineData("[2001:db8::1]", "[2001:db8::2]", false)]
    [InlineData("[2001:db8::1]", "[2001:db8:::1]", true)]
    [InlineData("[fe80::1%25eth0]", "[fe80::1%eth0]", true)]
    [InlineData("[fe80::1%25eth0]", "[fe80::1]", false)]
    [InlineData("[fe80::1%251]", "[fe80::1]", false)]
    [InlineData("[fe80::1]", "[fe80::1%251]", false)]
    [InlineData("[2001:db8::1]", "a.example", false)]
    [InlineData("a.example", "192.0.2.1", false)]
    public void SentByIs_HostInAnotherForm_IsTheSame(string host, string written, bool same)
    {
        Assert.True(HostPort.TryParse(host + ":5060", out HostPort hostPort));
        Assert.True(ViaView.TryRead(Encoding.ASCII.GetBytes($"SIP/2.0/UDP {written}:5060;branch=z9hG4bK1"), out ViaView via));
        Assert.Equal(same, via.SentByIs(hostPort));
        Assert.False(via.SentByIs(hostPort with { Port = 5061 }));
        Assert.False(via.SentByIs(hostPort with { Port = null }));
    }

    [Fact]
    public void Ipv6Text_AnyText_IsReadAsThePlatformReadsIt() => Gen.OneOf(SipGen.V6.Select(address => address.ToString()),
        SipGen.OneOf("0", "1", ":", "::", "ffff", "a", "12345", "1.2.3.4", "192.0.2.255", ".", "g").Array[0, 17].Select(parts => string.Concat(parts))).Sample(text =>
        {
            byte[] bits = new byte[16];
            if (Ipv6Text.TryRead(Encoding.ASCII.GetBytes(text), bits))
            {
                Assert.Equal(System.Net.IPAddress.Parse(text).GetAddressBytes(), bits);
            }
            else
            {
                Assert.False(text.Count(c => c == ':') > 1 && System.Net.IPAddress.TryParse(text, out _), text);
            }
        }, iter: 50_000);

    internal static IEnumerable<byte[]> Torture() => Directory.Exists(TortureFolder.Path)
        ? Directory.EnumerateFiles(TortureFolder.Path, "*.dat", SearchOption.AllDirectories).Select(File.ReadAllBytes)
        : [];
}
