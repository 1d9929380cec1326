// SPDX-License-Identifier: Apache-2.0
using Isthmus.Server;
using Isthmus.Server.Location;
using Isthmus.Sip;

namespace Isthmus.Tests.Server.Registrar;

/// <summary>RFC 3261 §10.3, step by step.</summary>
public sealed class RegistrarTests
{
    private const string V4 = "<sip:alice@192.0.2.7>";
    private const string V6 = "<sip:alice@[2001:db8::7]>";

    [Fact]
    public void Handle_Register_AnswersWithTheBindingAndItsTime()
    {
        using var bench = new RegistrarBench();

        SipResponse answer = bench.Send(IpVersion.V4, "a", 1, ["\"Alice\" <sip:alice@192.0.2.7:5070;ob>;q=0.5;expires=600;+x=\"y z\""]);

        Assert.Equal(200, answer.StatusCode);
        Assert.Equal("\"Alice\" <sip:alice@192.0.2.7:5070;ob>;q=0.5;expires=600;+x=\"y z\"", answer.Contacts.Single().ToString());
        Assert.Equal("Mon, 23 Nov 2026 12:00:00 GMT", answer.Text(HeaderName.Date));
        Assert.NotNull(answer.To.Tag);
    }

    [Fact]
    public void Handle_NoContact_ListsWhatRemains()
    {
        using var bench = new RegistrarBench();
        bench.Send(IpVersion.V4, "a", 1, [V4, V6], headers: ["Expires: 600"]);
        bench.Time.Advance(TimeSpan.FromSeconds(100));

        SipResponse answer = bench.Send(IpVersion.V4, "b", 1, []);

        Assert.Equal([500, 500], answer.Contacts.Select(contact => contact.Expires));
    }

    [Theory]
    [InlineData("", "", 200, 3600)] // the default
    [InlineData(";expires=600", "", 200, 600)]
    [InlineData("", "Expires: 900", 200, 900)]
    [InlineData(";expires=600", "Expires: 900", 200, 600)] // the parameter wins
    [InlineData(";expires=99999", "", 200, 7200)] // shortened
    [InlineData(";expires=59", "", 423, 0)]
    [InlineData("", "Expires: 1", 423, 0)]
    [InlineData(";expires=60", "", 200, 60)]
    [InlineData(";expires=soon", "", 200, 3600)] // §10.2.1.1
    [InlineData(";expires=4294967296", "", 200, 3600)]
    public void Handle_Expires_IsGrantedAsTheRulesSay(string parameter, string header, int status, int granted)
    {
        using var bench = new RegistrarBench();

        SipResponse answer = bench.Send(IpVersion.V4, "a", 1, [V4 + parameter], headers: header.Length == 0 ? [] : [header]);

        Assert.Equal(status, answer.StatusCode);
        Assert.Equal(status == 200 ? [granted] : [], answer.Contacts.Select(contact => contact.Expires!.Value));
        Assert.Equal(status == 423 ? "60" : null, answer.Text(HeaderName.MinExpires));
    }

    [Theory]
    [InlineData("<tel:+15551234>", "", 403)]
    [InlineData("<sip:alice@example.com>", "", 403)] // itself
    [InlineData("<sip:alice@alias.example>", "", 403)]
    [InlineData("<sip:alice@192.0.2.7", "", 400)]
    [InlineData("<sip:alice@192.0.2.7>;q=2", "", 400)]
    [InlineData("<sip:alice@192.0.2.7>;+sip.instance=\"x\"", "", 400)]
    [InlineData("<sip:a@192.0.2.7>, <sip:a@192.0.2.7>", "", 400)]
    [InlineData("*", "", 400)]
    [InlineData("*", "Expires: 5", 400)]
    [InlineData("*, <sip:alice@192.0.2.7>", "Expires: 0", 400)]
    [InlineData("<sip:alice@192.0.2.7>", "Require: foo", 420)]
    [InlineData("<sip:alice@192.0.2.7>", "Path: <sip:p.example;lr>", 420)]
    [InlineData("<sip:alice@192.0.2.7>, <sip:b@192.0.2.7>;expires=5", "", 423)] // and nothing of it is done
    public void Handle_BadRegister_IsRefusedAndChangesNothing(string contact, string header, int status)
    {
        using var bench = new RegistrarBench();
        bench.Send(IpVersion.V4, "a", 1, ["<sip:old@192.0.2.9>"]);

        SipResponse answer = bench.Send(IpVersion.V4, "b", 1, [contact], headers: header.Length == 0 ? [] : [header]);

        Assert.Equal(status, answer.StatusCode);
        Assert.Equal(["sip:old@192.0.2.9"], bench.Bound());
    }

    [Theory]
    [InlineData("sip:alice@elsewhere.example", 404)]
    [InlineData("sip:example.com", 404)]
    [InlineData("sip:alice@example.com:7070", 404)] // a port that is not ours
    [InlineData("sip:alice@example.com:5060", 200)]
    [InlineData("sip:alice@EXAMPLE.com;transport=tcp", 200)]
    [InlineData("sip:%61lice@alias.example", 200)]
    public void Handle_AddressOfRecord_MustBeOursAndIsCanonical(string to, int status)
    {
        using var bench = new RegistrarBench();

        Assert.Equal(status, bench.Send(IpVersion.V4, "a", 1, [V4], to).StatusCode);
        Assert.Equal(status == 200 ? ["sip:alice@192.0.2.7"] : [], bench.Bound());
    }

    [Fact]
    public void Handle_UnknownRequire_NamesItInUnsupported() =>
        Assert.Equal("foo, bar", WithBench(bench => bench.Send(IpVersion.V4, "a", 1, [V4], headers: ["Require: foo, path, bar", "Path: <sip:p.example;lr>"])).Text(HeaderName.Unsupported));

    [Fact]
    public void Handle_LowerOrEqualCSeqOfTheSameCall_Is500()
    {
        using var bench = new RegistrarBench();
        bench.Send(IpVersion.V4, "a", 7, [V4]);

        Assert.Equal(500, bench.Send(IpVersion.V4, "a", 6, [V4 + ";expires=0"]).StatusCode);
        Assert.Equal(500, bench.Send(IpVersion.V4, "a", 7, [V4 + ";expires=0"]).StatusCode);
        Assert.Equal(500, bench.Send(IpVersion.V4, "a", 7, ["*"], headers: ["Expires: 0"]).StatusCode);
        Assert.Equal(["sip:alice@192.0.2.7"], bench.Bound());
        Assert.Equal(200, bench.Send(IpVersion.V4, "b", 1, [V4]).StatusCode); // another Call-ID: a restarted phone
        Assert.Equal(200, bench.Send(IpVersion.V4, "b", 2, [V4 + ";expires=0"]).StatusCode);
        Assert.Empty(bench.Bound());
    }

    [Fact]
    public void Handle_TheSameRegisterAgain_IsAnsweredAgain()
    {
        using var bench = new RegistrarBench();
        bench.Send(IpVersion.V4, "a", 7, [V4]);

        SipResponse answer = bench.Send(IpVersion.V4, "a", 7, [V4]);

        Assert.Equal((200, 1), (answer.StatusCode, answer.Contacts.Count));
    }

    [Fact]
    public void Handle_Star_RemovesAll()
    {
        using var bench = new RegistrarBench();
        bench.Send(IpVersion.V4, "a", 1, [V4]);
        bench.Send(IpVersion.V6, "b", 1, [V6]);

        SipResponse answer = bench.Send(IpVersion.V4, "c", 1, ["*"], headers: ["Expires: 0"]);

        Assert.Equal((200, 0), (answer.StatusCode, answer.Contacts.Count));
        Assert.Empty(bench.Bound());
        Assert.True(bench.Location.Knows("sip:alice@example.com"));
        Assert.False(bench.Location.Knows("sip:bob@example.com"));
    }

    [Fact]
    public void Handle_ExpiresZero_RemovesThatContactOnly()
    {
        using var bench = new RegistrarBench();
        bench.Send(IpVersion.V4, "a", 1, [V4, V6]);

        bench.Send(IpVersion.V4, "a", 2, [V4 + ";expires=0"]);

        Assert.Equal(["sip:alice@[2001:db8::7]"], bench.Bound());
    }

    [Fact]
    public void Handle_SameUriInAnotherForm_RefreshesIt()
    {
        using var bench = new RegistrarBench();
        bench.Send(IpVersion.V6, "a", 1, ["<sip:alice@[2001:db8::7]>"]);

        bench.Send(IpVersion.V6, "b", 1, ["<sip:%61lice@[2001:DB8:0:0::7]>;expires=100"]);

        Assert.Single(bench.Bound());
    }

    [Fact]
    public void Handle_MoreThanMaxBindings_Is403AndChangesNothing()
    {
        using var bench = new RegistrarBench(new ServerOptions { Domains = [new() { Name = "example.com" }], Registrar = new() { MaxBindings = 2 } });
        bench.Send(IpVersion.V4, "a", 1, ["<sip:a@192.0.2.1>"]);

        Assert.Equal(403, bench.Send(IpVersion.V4, "b", 1, ["<sip:b@192.0.2.2>, <sip:c@192.0.2.3>"]).StatusCode);
        Assert.Equal(200, bench.Send(IpVersion.V4, "b", 2, ["<sip:b@192.0.2.2>, <sip:a@192.0.2.1>;expires=0, <sip:c@192.0.2.3>"]).StatusCode);
        Assert.Equal(["sip:b@192.0.2.2", "sip:c@192.0.2.3"], bench.Bound());
    }

    [Fact]
    public void Handle_MoreThanAllBindings_Is503()
    {
        using var bench = new RegistrarBench(new ServerOptions { Domains = [new() { Name = "example.com" }], Limits = new() { Bindings = 1 } });
        bench.Send(IpVersion.V4, "a", 1, ["<sip:a@192.0.2.1>"]);

        SipResponse answer = bench.Send(IpVersion.V4, "b", 1, ["<sip:b@192.0.2.2>"], "sip:bob@example.com");

        Assert.Equal((503, "30"), (answer.StatusCode, answer.Text(HeaderName.RetryAfter)));
        Assert.Equal(200, bench.Send(IpVersion.V4, "a", 2, ["<sip:a@192.0.2.1>"]).StatusCode);
    }

    [Fact]
    public void Handle_Path_IsStoredInOrderAndReturned()
    {
        using var bench = new RegistrarBench();

        SipResponse answer = bench.Send(IpVersion.V4, "a", 1, [V4], headers: ["Supported: path", "Path: <sip:p1.example;lr>, <sip:p2.example;lr>", "Path: <sip:p3.example;lr>"]);

        Assert.Equal(["<sip:p1.example;lr>", "<sip:p2.example;lr>", "<sip:p3.example;lr>"], answer.Paths.Select(hop => hop.ToString()));
        Assert.Equal(answer.Paths.Select(hop => hop.ToString()), bench.Location.BindingsOf("sip:alice@example.com").Single().Path.Select(hop => hop.ToString()));
    }

    [Fact]
    public void Handle_SupportedGruu_GrantsAPublicGruuThatIsFound()
    {
        using var bench = new RegistrarBench();
        bench.Send(IpVersion.V4, "other", 1, ["<sip:alice@192.0.2.99>;+sip.instance=\"<urn:uuid:ffffffff-0000-1000-8000-000A95A0E128>\""]);

        SipResponse answer = bench.Send(IpVersion.V4, "a", 1, [$"{V4};+sip.instance=\"<{RegistrarBench.Instance}>\""], headers: ["Supported: gruu"]);

        NameAddr contact = answer.Contacts.Single(contact => contact.SipUri!.Host.ToString() == "192.0.2.7");
        Assert.Equal($"<{RegistrarBench.Instance}>", contact.Parameters.Get("+sip.instance"));
        Assert.True(SipUri.TryParse(contact.Parameters.Get("pub-gruu")!, out SipUri? gruu));
        Assert.Equal(RegistrarBench.Instance, gruu.Gr);
        Device device = Assert.Single(bench.Location.Find(gruu));
        Assert.Equal("sip:alice@192.0.2.7", Assert.Single(device.Bindings).Uri.ToString());
        Assert.Equal(2, bench.Location.Find(gruu.WithoutParametersAndHeaders()).Length);
        Assert.Equal(403, bench.Send(IpVersion.V4, "b", 1, [$"<{gruu}>"]).StatusCode); // RFC 5627 §5.1
    }

    [Fact]
    public void Handle_NoSupportedGruu_GrantsNone() =>
        Assert.False(WithBench(bench => bench.Send(IpVersion.V4, "a", 1, [$"{V4};+sip.instance=\"<{RegistrarBench.Instance}>\""])).Contacts.Single().Parameters.Has("pub-gruu"));

    [Fact]
    public void Handle_TimePasses_BindingsExpireAndAreForgotten()
    {
        using var bench = new RegistrarBench();
        bench.Send(IpVersion.V4, "a", 1, [V4 + ";expires=60", V6 + ";expires=120"]);

        bench.Time.Advance(TimeSpan.FromSeconds(61));
        Assert.Equal(["sip:alice@[2001:db8::7]"], bench.Bound());
        Assert.Equal(1, bench.Location.BindingCount);

        bench.Time.Advance(TimeSpan.FromSeconds(60));
        Assert.Empty(bench.Bound());
        Assert.Equal((0, 0), (bench.Location.BindingCount, bench.Location.AorCount));
    }

    private static SipResponse WithBench(Func<RegistrarBench, SipResponse> use)
    {
        using var bench = new RegistrarBench();
        return use(bench);
    }
}
