// SPDX-License-Identifier: Apache-2.0
using Isthmus.Server.Location;
using Isthmus.Sip;
using Isthmus.Tests.Server.Location;

namespace Isthmus.Tests.Server.Registrar;

/// <summary>A REGISTER that repeats what made its binding takes a short way. It must do and say what the long way does.</summary>
public sealed class RefreshTests
{
    private const string V4 = "<sip:alice@192.0.2.7>";

    [Theory]
    [InlineData(V4)]
    [InlineData(V4 + ";expires=600")]
    [InlineData("\"A, B\" <sip:alice@192.0.2.7;ob>;q=0.3;Expires=\"60\"")]
    [InlineData(V4 + ";+sip.instance=\"<" + RegistrarBench.Instance + ">\"", "Supported: gruu, ip-redirect")]
    [InlineData(V4, "Supported: path", "Path: <sip:p1.example;lr>")]
    [InlineData("\"A, B\" <sip:alice@192.0.2.7;ob>; Expires = 70 ;q=0.3")]
    [InlineData(V4, "User-Agent: Unit", "Expires: 700")]
    [InlineData("sip:alice@192.0.2.7;q=1")]
    public void Handle_TheSameAgain_KeepsTheBindingAndAnswersAsTheLongWay(string contact, params string[] headers)
    {
        using var bench = new RegistrarBench();
        using var other = new RegistrarBench();
        bench.Send(IpVersion.V4, "a", 1, [contact], headers: headers);
        other.Send(IpVersion.V4, "a", 1, [contact], headers: [.. headers, "User-Agent: Earlier"]); // which makes the second one differ
        bool mustBeWrittenAnew = contact[0] == 's' || contact.Contains("\"60\"", StringComparison.Ordinal);
        Binding before = Assert.Single(bench.Location.BindingsOf("sip:alice@example.com"));
        bench.Time.Advance(TimeSpan.FromSeconds(30));
        other.Time.Advance(TimeSpan.FromSeconds(30));

        SipResponse answer = bench.Send(IpVersion.V4, "a", 2, [contact], headers: headers);
        SipResponse expected = other.Send(IpVersion.V4, "a", 2, [contact], headers: headers);

        Assert.Equal(Comparable(expected), Comparable(answer));
        Binding after = Assert.Single(bench.Location.BindingsOf("sip:alice@example.com"));
        Binding byTheLongWay = Assert.Single(other.Location.BindingsOf("sip:alice@example.com"));
        Assert.Equal((byTheLongWay.Expires, byTheLongWay.Registered, 2u), (after.Expires, after.Registered, after.CSeq));
        Assert.Equal(!mustBeWrittenAnew, ReferenceEquals(before, after));
    }

    [Theory]
    [InlineData("a", 1u, V4, 200)] // a repetition
    [InlineData("a", 0u, V4, 500)]
    [InlineData("b", 0u, V4, 200)]
    [InlineData("a", 2u, V4 + ";expires=10", 423)]
    [InlineData("a", 2u, V4 + ";expires=0", 200)]
    public void Handle_NearlyTheSame_IsNoRefresh(string callId, uint cseq, string contact, int status)
    {
        using var bench = new RegistrarBench();
        bench.Send(IpVersion.V4, "a", 1, [V4]);

        Assert.Equal(status, bench.Send(IpVersion.V4, callId, cseq, [contact]).StatusCode);
        Assert.Equal(contact.EndsWith("=0", StringComparison.Ordinal) ? 0 : 1, bench.Location.BindingCount);
    }

    [Fact]
    public void Handle_ExpiresHeaderTooBrief_IsRefusedAlsoForARefresh()
    {
        using var bench = new RegistrarBench();
        bench.Send(IpVersion.V4, "a", 1, [V4]);

        Assert.Equal(423, bench.Send(IpVersion.V4, "a", 2, [V4], headers: ["Expires: 10"]).StatusCode);
        Assert.Equal(200, bench.Send(IpVersion.V4, "a", 2, [V4], headers: ["Expires: 0"]).StatusCode);
        Assert.Empty(bench.Bound());
    }

    [Fact]
    public void Handle_RefreshFromAnotherSource_IsWhereItIsReached()
    {
        using var bench = new RegistrarBench();
        bench.Send(IpVersion.V4, "a", 1, [V4]);
        bench.Send(IpVersion.V4, "a", 2, [V4], port: 6060);

        Assert.Equal(6060, Assert.Single(bench.Location.BindingsOf("sip:alice@example.com")).Source.Port);
    }

    [Fact]
    public void Handle_RefreshOfOneOfTwo_StandsLastAndIsTheNewest()
    {
        using var bench = new RegistrarBench();
        bench.Send(IpVersion.V4, "a", 1, [V4]);
        bench.Time.Advance(TimeSpan.FromSeconds(1));
        bench.Send(IpVersion.V4, "a", 2, ["<sip:alice@192.0.2.8>"]);
        Assert.Equal("sip:alice@192.0.2.8", bench.Location.Find("sip:alice@example.com")[0].Bindings[0].Uri.ToString());
        bench.Time.Advance(TimeSpan.FromSeconds(1));

        bench.Send(IpVersion.V4, "a", 3, [V4]);

        Assert.Equal(["sip:alice@192.0.2.8", "sip:alice@192.0.2.7"], bench.Bound());
        Assert.Equal("sip:alice@192.0.2.7", bench.Location.Find("sip:alice@example.com")[0].Bindings[0].Uri.ToString());
    }

    [Fact]
    public void Handle_RefreshWhenAnotherBindingHasExpired_TakesThatAway()
    {
        using var store = new FaultyStore();
        using var bench = new RegistrarBench(store: store);
        bench.Send(IpVersion.V4, "a", 1, [V4 + ";expires=60", "<sip:alice@192.0.2.8>"]);
        store.Fails = true; // so that the expiry itself takes nothing away
        bench.Time.Advance(TimeSpan.FromSeconds(61));
        store.Fails = false;

        SipResponse answer = bench.Send(IpVersion.V4, "a", 2, ["<sip:alice@192.0.2.8>"]);

        Assert.Equal("sip:alice@192.0.2.8", Assert.Single(answer.Contacts).Uri.ToString());
    }

    [Fact]
    public void Handle_RefreshThatTheStoreRefuses_LeavesTimeAndCSeq()
    {
        using var store = new FaultyStore();
        using var bench = new RegistrarBench(store: store);
        bench.Send(IpVersion.V4, "a", 1, [V4]);
        DateTimeOffset expires = bench.Location.BindingsOf("sip:alice@example.com")[0].Expires;
        bench.Time.Advance(TimeSpan.FromSeconds(1));
        store.Fails = true;
        Assert.Equal(503, bench.Send(IpVersion.V4, "a", 2, [V4]).StatusCode);
        Assert.Equal((expires, 1u), (bench.Location.BindingsOf("sip:alice@example.com")[0].Expires, bench.Location.BindingsOf("sip:alice@example.com")[0].CSeq));

        store.Fails = false;
        Assert.Equal(200, bench.Send(IpVersion.V4, "a", 2, [V4]).StatusCode);
    }

    [Theory]
    [InlineData(1, V4)]
    [InlineData(2, V4)]
    [InlineData(2, "<sip:alice@192.0.2.8>", V4)]
    public void TryHandleWithoutState_Repeated_IsAnsweredAlikeAndDoneOnce(uint cseq, params string[] contacts)
    {
        using var bench = new RegistrarBench();
        if (cseq > 1)
        {
            bench.Send(IpVersion.V4, "a", 1, [V4]);
        }

        Assert.True(bench.TryHandleWithoutState(cseq, contacts));
        Binding[] bindings = [.. bench.Location.BindingsOf("sip:alice@example.com")];
        DateTimeOffset expires = bindings[^1].Expires;
        bench.Time.Advance(TimeSpan.FromMilliseconds(500));
        Assert.True(bench.TryHandleWithoutState(cseq, contacts));

        Assert.Equal(2, bench.Answered.Count);
        Assert.StartsWith("SIP/2.0 200 ", bench.Answered[0], StringComparison.Ordinal);
        Assert.Equal(bench.Answered[0].Split("Date:")[0], bench.Answered[1].Split("Date:")[0]);
        Assert.Equal(bindings, bench.Location.BindingsOf("sip:alice@example.com"));
        Assert.Equal(expires, bindings[^1].Expires);
    }

    [Theory]
    [InlineData(V4, 6060)]
    [InlineData("<sip:alice@192.0.2.8>;+sip.instance=\"<" + RegistrarBench.Instance + ">\"", 5060)]
    public void TryHandleWithoutState_OvertakenByALaterOne_IsOutOfOrder(string later, int port)
    {
        using var bench = new RegistrarBench();
        Assert.True(bench.TryHandleWithoutState(1, [V4 + ";+sip.instance=\"<" + RegistrarBench.Instance + ">\""]));
        Assert.True(bench.TryHandleWithoutState(3, [later], port));
        string bound = Assert.Single(bench.Bound());

        Assert.True(bench.TryHandleWithoutState(2, [V4 + ";+sip.instance=\"<" + RegistrarBench.Instance + ">\""]));

        Assert.StartsWith("SIP/2.0 500 ", bench.Answered[2], StringComparison.Ordinal);
        Assert.Equal([bound], bench.Bound());
    }

    [Theory]
    [InlineData]
    [InlineData(V4 + ";expires=0")]
    [InlineData("<sip:alice@192.0.2.8>", V4 + ";expires=0")]
    [InlineData("*")]
    [InlineData(V4 + ";expires=1")] // too brief
    public void TryHandleWithoutState_AnythingElse_WantsATransaction(params string[] contacts)
    {
        using var bench = new RegistrarBench();
        bench.Send(IpVersion.V4, "a", 1, [V4]);

        Assert.False(bench.TryHandleWithoutState(2, contacts));
        Assert.Empty(bench.Answered);
    }

    [Theory]
    [InlineData(V4 + ";expires=0")]
    [InlineData("*")]
    public void Handle_RefreshThatComesAfterTheRemoval_IsRefused(string removal)
    {
        using var bench = new RegistrarBench();
        bench.Send(IpVersion.V4, "a", 1, [V4]);
        bench.Send(IpVersion.V4, "a", 3, [removal], headers: ["Expires: 0"]);
        bench.Time.Advance(TimeSpan.FromSeconds(31));

        Assert.Equal(500, bench.Send(IpVersion.V4, "a", 2, [V4]).StatusCode);
        Assert.Equal(200, bench.Send(IpVersion.V4, "b", 2, [V4]).StatusCode);
        Assert.Equal(200, bench.Send(IpVersion.V4, "a", 4, [V4]).StatusCode);
    }

    [Fact]
    public void Handle_LongAfterTheRemoval_ABeginningAnewIsServed()
    {
        using var bench = new RegistrarBench();
        bench.Send(IpVersion.V4, "a", 2, [V4]);
        bench.Send(IpVersion.V4, "a", 3, ["*"], headers: ["Expires: 0"]);
        bench.Time.Advance(TimeSpan.FromSeconds(33));

        Assert.Equal(200, bench.Send(IpVersion.V4, "a", 1, [V4]).StatusCode);
    }

    [Fact]
    public void Handle_Refresh_AllocatesNothing()
    {
        using var bench = new RegistrarBench();
        const int Count = 2000;
        uint cseq = 0;
        Run(Count);
        GC.Collect();

        Assert.InRange(Run(Count) / Count, 0, 16);

        // What the requests themselves take is not counted.
        long Run(int count)
        {
            return bench.AllocatedBy([.. Enumerable.Range(0, count).Select(_ => Read(RegistrarBench.Request(IpVersion.V4, "a", ++cseq, [V4], headers: ["Supported: outbound", "User-Agent: Unit"])))]);
        }
    }

    private static SipRequest Read(SipRequest written) => (SipRequest)SipParser.Parse(written.Bytes.Span).Message!;

    private static string Comparable(SipResponse answer) =>
        string.Join("\r\n", answer.ToString().Split("\r\n").Where(line => !line.StartsWith("To:", StringComparison.Ordinal)));
}
