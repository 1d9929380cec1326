// SPDX-License-Identifier: Apache-2.0
using Isthmus.Server.Location;
using Isthmus.Sip;

namespace Isthmus.Tests.Server.Registrar;

/// <summary>"A binding is replaced only by one of the same IP version": real phones register each version by itself, with one instance.</summary>
public sealed class DualStackRegistrationTests
{
    private const string Instance = ";+sip.instance=\"<" + RegistrarBench.Instance + ">\"";
    private const string V4 = "<sip:alice@192.0.2.7:5062>" + Instance;
    private const string V6 = "<sip:alice@[2001:db8::7]:5062>" + Instance;

    [Fact]
    public void Handle_EachVersionByItself_KeepsBothAsOneDevice()
    {
        using var bench = new RegistrarBench();
        bench.Send(IpVersion.V6, "six", 1, [V6]);
        bench.Send(IpVersion.V4, "four", 1, [V4]);

        Device device = Assert.Single(bench.Location.Find("sip:alice@example.com"));
        Assert.Equal(RegistrarBench.Instance, device.Id);
        Assert.Equal(IpVersions.Both, device.Versions);
        Assert.Equal([IpVersion.V4, IpVersion.V6], device.Bindings.Select(binding => binding.Version).Order());
    }

    [Theory]
    [InlineData(IpVersion.V4)]
    [InlineData(IpVersion.V6)]
    public void Handle_RefreshOfOneVersionFromANewAddress_LeavesTheOther(IpVersion version)
    {
        using var bench = new RegistrarBench();
        bench.Send(IpVersion.V6, "six", 1, [V6]);
        bench.Send(IpVersion.V4, "four", 1, [V4]);

        bench.Send(version, "new", 1, [(version == IpVersion.V4 ? "<sip:alice@192.0.2.8:5099>" : "<sip:alice@[2001:db8::8]:5099>") + Instance]);

        Assert.Equal(
            version == IpVersion.V4 ? ["sip:alice@[2001:db8::7]:5062", "sip:alice@192.0.2.8:5099"] : ["sip:alice@192.0.2.7:5062", "sip:alice@[2001:db8::8]:5099"],
            bench.Bound());
    }

    [Fact]
    public void Handle_RemovalOfOneVersion_LeavesTheOther()
    {
        using var bench = new RegistrarBench();
        bench.Send(IpVersion.V6, "six", 1, [V6]);
        bench.Send(IpVersion.V4, "four", 1, [V4]);

        SipResponse answer = bench.Send(IpVersion.V4, "four", 2, [V4 + ";expires=0"]);

        Assert.Equal("sip:alice@[2001:db8::7]:5062", answer.Contacts.Single().Uri.ToString());
        Assert.Equal(["sip:alice@[2001:db8::7]:5062"], bench.Bound());
    }

    [Theory]
    [InlineData(IpVersion.V4)]
    [InlineData(IpVersion.V6)]
    public void Handle_OneRegisterWithBothContacts_EachHasItsOwnVersion(IpVersion arrival)
    {
        using var bench = new RegistrarBench();
        bench.Send(arrival, "one", 1, ["<sip:t5@[2001:db8::7]>", "<sip:t5@192.0.2.7>", "<sip:t5@phone.example:5060>"]);

        Device device = Assert.Single(bench.Location.Find("sip:alice@example.com")); // no instance: the Call-ID groups them
        Assert.Equal(
            [("192.0.2.7", IpVersion.V4), ("[2001:db8::7]", IpVersion.V6), ("phone.example", arrival)],
            device.Bindings.Select(binding => (binding.Uri.Host.ToString(), binding.Version)).OrderBy(pair => pair.Item1, StringComparer.Ordinal));
    }

    [Fact]
    public void Handle_OneRegisterWithSeveralContactsOfOneVersion_KeepsThemAll()
    {
        using var bench = new RegistrarBench();
        string[] contacts = ["<sip:t5@192.0.2.7>" + Instance, "<sip:t5@192.0.2.8>" + Instance];
        bench.Send(IpVersion.V4, "one", 1, contacts);
        bench.Send(IpVersion.V4, "one", 2, contacts);

        Assert.Equal(2, bench.Bound().Length);
    }

    [Fact]
    public void Handle_RegIds_DecideAsRfc5626Says()
    {
        using var bench = new RegistrarBench();
        bench.Send(IpVersion.V6, "a", 1, [V6 + ";reg-id=1"]);
        bench.Send(IpVersion.V6, "b", 1, ["<sip:alice@[2001:db8::9]>" + Instance + ";reg-id=2"]);
        Assert.Equal(2, bench.Bound().Length); // two flows of one version

        bench.Send(IpVersion.V6, "c", 1, ["<sip:alice@[2001:db8::a]>" + Instance + ";reg-id=1"]);
        Assert.Equal(["sip:alice@[2001:db8::9]", "sip:alice@[2001:db8::a]"], bench.Bound());

        bench.Send(IpVersion.V6, "d", 1, ["<sip:alice@[2001:db8::b]>" + Instance + ";reg-id=2;expires=0"]);
        Assert.Equal(["sip:alice@[2001:db8::a]"], bench.Bound());
        Assert.Equal(1, bench.Location.BindingsOf("sip:alice@example.com").Single().RegId);
    }

    [Fact]
    public void Handle_AnnouncementOfRedirect_IsKnownOfTheDevice()
    {
        using var bench = new RegistrarBench();
        bench.Send(IpVersion.V6, "six", 1, [V6]);
        Assert.False(Assert.Single(bench.Location.Find("sip:alice@example.com")).Judges);

        bench.Send(IpVersion.V4, "four", 1, [V4], headers: ["Supported: path, ip-redirect"]);
        Assert.True(Assert.Single(bench.Location.Find("sip:alice@example.com")).Judges);
    }

    [Fact]
    public void Learn_AnAnswer_IsKnownUntilTheDeviceIsGone()
    {
        using var bench = new RegistrarBench();
        bench.Send(IpVersion.V6, "six", 1, [V6]);

        bench.Location.Learn("sip:alice@example.com", RegistrarBench.Instance, IpVersions.V4, IpVersions.None);
        bench.Location.Learn("sip:alice@example.com", "nobody", IpVersions.V4, IpVersions.None);
        Device device = Assert.Single(bench.Location.Find("sip:alice@example.com"));
        Assert.Equal((IpVersions.V4, IpVersions.None), (device.Can, device.Cannot));

        bench.Location.Learn("sip:alice@example.com", RegistrarBench.Instance, IpVersions.None, IpVersions.V4);
        device = Assert.Single(bench.Location.Find("sip:alice@example.com"));
        Assert.Equal((IpVersions.None, IpVersions.V4), (device.Can, device.Cannot));

        bench.Send(IpVersion.V6, "six", 2, [V6 + ";expires=0"]);
        bench.Send(IpVersion.V6, "six", 3, [V6]);
        Assert.Equal(IpVersions.None, Assert.Single(bench.Location.Find("sip:alice@example.com")).Cannot);
    }

    [Fact]
    public void Learn_AnAnswer_IsForgottenAfterAWhile()
    {
        using var bench = new RegistrarBench();
        bench.Send(IpVersion.V6, "six", 1, [V6 + ";expires=7200"]);
        bench.Location.Learn("sip:alice@example.com", RegistrarBench.Instance, IpVersions.None, IpVersions.V4);

        bench.Time.Advance(Learned.Keep);
        Assert.Equal(IpVersions.None, Assert.Single(bench.Location.Find("sip:alice@example.com")).Cannot);

        bench.Location.Learn("sip:alice@example.com", RegistrarBench.Instance, IpVersions.V4, IpVersions.None);
        Device device = Assert.Single(bench.Location.Find("sip:alice@example.com"));
        Assert.Equal((IpVersions.V4, IpVersions.None), (device.Can, device.Cannot));
    }

    [Fact]
    public void DeviceOfCaller_ByContactOrBySource_IsFound()
    {
        using var bench = new RegistrarBench();
        bench.Send(IpVersion.V6, "six", 1, [V6]);
        bench.Send(IpVersion.V4, "other", 1, ["<sip:alice@192.0.2.50>"]);

        Assert.True(NameAddr.TryParse("<sip:x@203.0.113.1>" + Instance, out NameAddr? byInstance));
        Assert.True(NameAddr.TryParse("<sip:alice@192.0.2.50>", out NameAddr? byUri));
        Assert.True(NameAddr.TryParse("<sip:x@203.0.113.1>", out NameAddr? unknown));
        Assert.Equal(RegistrarBench.Instance, Of(byInstance, IpVersion.V4, 1));
        Assert.Equal("call-id:other", Of(byUri, IpVersion.V6, 1));
        Assert.Equal(RegistrarBench.Instance, Of(unknown, IpVersion.V6, 5060)); // the same source
        Assert.Equal("call-id:other", Of(null, IpVersion.V4, 4000)); // the only device at that address
        Assert.Null(bench.Location.DeviceOfCaller("sip:bob@example.com", byUri, RegistrarBench.FlowOf(IpVersion.V4)));

        string? Of(NameAddr? contact, IpVersion version, int port) => bench.Location.DeviceOfCaller("sip:alice@example.com", contact, RegistrarBench.FlowOf(version, port))?.Id;
    }

    [Theory]
    [InlineData("<sip:alice@[2001:db8::5]:5060>", true)]
    [InlineData("<sip:alice@[2001:0DB8:0:0::5]:5060>", true)]
    [InlineData("<SIP:alice@[2001:db8::5]:5060;x=1>", true)]
    [InlineData("<sip:alice@[2001:db8::5]>", false)]
    [InlineData("<sip:alice@[2001:db8::6]:5060>", false)]
    [InlineData("<sip:alice@192.0.2.5:5060>", false)]
    public void DeviceOfCaller_ContactWrittenInAnotherWay_IsFoundByItsMeaning(string contact, bool isFound)
    {
        using var bench = new RegistrarBench();
        bench.Send(IpVersion.V6, "six", 1, ["<sip:alice@[2001:db8::5]:5060>"]);
        byte[] invite = System.Text.Encoding.UTF8.GetBytes(
            "INVITE sip:bob@example.com SIP/2.0\r\nVia: SIP/2.0/UDP 192.0.2.9;branch=z9hG4bK1\r\nFrom: <sip:alice@example.com>;tag=1\r\nTo: <sip:bob@example.com>\r\n"
            + $"Call-ID: c\r\nCSeq: 1 INVITE\r\nContact: {contact}\r\n\r\n");
        var request = (SipRequest)SipParser.Parse(invite).Message!;

        Device? found = bench.Location.DeviceOfCaller("sip:alice@example.com"u8, request, RegistrarBench.FlowOf(IpVersion.V4, 1));

        Assert.Equal(isFound, found is not null);
    }
}
