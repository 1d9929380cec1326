// SPDX-License-Identifier: Apache-2.0
using Isthmus.DualStack;
using Isthmus.Sip;

namespace Isthmus.Tests.DualStack;

/// <summary>The judge's table, whole. How a row reads: <see cref="JudgeTable"/>.</summary>
public class JudgeTests
{
    public static TheoryData<string> Arrival => Rows("""
        # A binding of the arrival version: forward on it. Body and caller do not matter.
        arrival | 6 | 4/6/-/?/mix/6ice/anat | 4/6/46/46f/46f!6 | A6                | A6    | ArrivalShared
        arrival | 6 | 4/6/-/?               | 4/6/46/46f       | A64/A46/A6j/A46-6 | A6    | ArrivalShared
        # None: redirect, whether the caller announced to follow or not.
        arrival | 6 | 4/6/-/?/mix/6ice/anat | 46/46f           | A4                | 380:4 | ArrivalNotShared
        arrival | 6 | 6                     | 46f!6            | A4                | 380:4 | ArrivalNotShared
        # What a device does beyond its bindings does not count.
        arrival | 6 | 6/6ice/6altc          | 46/46f           | A4j/A4+6/A4i/A4a  | 380:4 | ArrivalNotShared
        # Not to a version that the caller lacks.
        arrival | 6 | 4/6/-/?               | 6/6f             | A4/A4j/A4+6/A44   | 488:4 | CallerLacksVersion
        # Not twice.
        arrival | 6 | 6/4/-                 | 46f!4/46!4       | A4/A4j            | 488:4 | AlreadyRedirected
        # Several devices.
        arrival | 6 | 6/4/-                 | 6/46f            | A6 B6/A6 B64      | A6 B6 | ArrivalShared
        arrival | 6 | 6/4/-                 | 6/46f            | A4 B6/A4 B46      | B6    | ArrivalShared
        arrival | 6 | 6/4/-                 | 6/46f/46f!4      | A46 B4            | A6    | ArrivalShared
        arrival | 6 | 6/4/-                 | 46/46f           | A4 B4             | 380:4 | ArrivalNotShared
        arrival | 6 | 6/4/-                 | 6/6f             | A4 B4             | 488:4 | CallerLacksVersion
        """);

    public static TheoryData<string> Session => Rows("""
        # A binding of a session version: forward on it, also when it arrived on the other one.
        session | 6/4 | 6 | 4/6/46/46f/46f!6 | A6/A64/A46/A6j | A6    | SessionShared
        # None: redirect, whether the caller announced to follow or not.
        session | 6/4 | 6 | 46/46f           | A4/A44         | 380:4 | SessionNotShared
        session | 6/4 | 6 | 46f              | A4j/A4+6/A4i/A4-6 | 380:4 | SessionNotShared
        # Not to a version that the caller lacks, and not twice.
        session | 6/4 | 6 | 6/6f             | A4/A4j/A4+6    | 488:4 | CallerLacksVersion
        session | 6/4 | 6 | 46f!4/46!4       | A4/A4j         | 488:4 | AlreadyRedirected
        # Unknown: as carry.
        session | 6   | -/? | 4/6/46f        | A6/A64/A46     | A6    | OfferUnknown
        session | 6   | -/? | 4/6/46f        | A4/A4j         | A4    | OfferUnknown
        # With ICE at both ends the judge stands aside; with ICE at one end the candidates do not count.
        session | 6   | 6ice/4ice | 4/6/46f  | A4i            | A4    | OfferOpen
        session | 6   | 6ice/4ice | 4/6/46f  | A46i           | A6    | OfferOpen
        session | 6/4 | 6ice | 46/46f        | A4             | 380:4 | SessionNotShared
        session | 6/4 | 6ice | 6             | A4             | 488:4 | CallerLacksVersion
        # ALTC and ANAT count for those who read them.
        session | 6   | 6altc | 6/46f        | A4a            | A4    | SessionShared
        session | 4/6 | 6altc | 6/46f        | A6             | A6    | SessionShared
        session | 6   | 6altc/4altc/anat | 6/46f | A46an/A64an | A6   | SessionShared
        session | 6/4 | 6altc | 46f          | A4/A4n/A4i     | 380:4 | SessionNotShared
        session | 6/4 | anat  | 6/46f        | A4n            | A4    | SessionShared
        session | 6   | anat  | 46f          | A4/A4a         | 380:4 | SessionNotShared
        # Lines of different versions: nobody can use all of them.
        session | 6   | mix   | 46/46f       | A6/A46/A64     | 380:6 | SessionNotShared
        session | 6   | mix   | 46/46f       | A4             | 380:4 | SessionNotShared
        session | 6   | mix   | 6            | A4             | 488:4 | CallerLacksVersion
        # Several devices.
        session | 6/4 | 6 | 6/46f            | A6 B6          | A6 B6 | SessionShared
        session | 6/4 | 6 | 6/46f            | A4 B6          | B6    | SessionShared
        session | 6/4 | 6 | 46               | A4 B4          | 380:4 | SessionNotShared
        session | 6/4 | 6 | 6                | A4 B4          | 488:4 | CallerLacksVersion
        """);

    public static TheoryData<string> Carried => Rows("""
        # Never judge: the arrival version, else the other.
        carry | 6 | 4/6/-/?/mix/6ice/6altc/anat | 4/6/46f/46f!4 | A6/A64/A46      | A6    | Carried
        carry | 6 | 4/6/-/?/mix/6ice/6altc/anat | 4/6/46f/46f!4 | A4/A4j/A4-6/A44 | A4    | Carried
        carry | 6 | 4/6/-                       | 4/6/46f       | A4 B6           | A4 B6 | Carried
        carry | 6 | 4/6/-                       | 4/6/46f       | A46 B64 C4      | A6 B6 C4 | Carried
        """);

    public static TheoryData<string> Auto => Rows("""
        # 1. Something shared: forward, on the binding that fits; whatever the caller is.
        auto | 6/4 | 6     | 4/6/6f/46/46f/46f!6 | A6/A64/A46/A6j/A46-4 | A6 | SessionShared
        # 1. The device is known to have it, though it is reached on the other.
        auto | 6/4 | 6     | 4/6/6f/46/46f/46f!4 | A4+6/A4+6-6/A4j+6    | A4 | DeviceIsDualStack
        # 1. Open, or unknown: the arrival version first.
        auto | 6   | 6ice/4ice | 4/6/46f    | A4i        | A4    | OfferOpen
        auto | 6   | 6ice/4ice | 4/6/46f    | A46i/A6i   | A6    | OfferOpen
        auto | 6   | -/?   | 4/6/46f/46f!4  | A6/A46/A64 | A6    | OfferUnknown
        auto | 6   | -/?   | 4/6/46f/46f!4  | A4/A4-6/A4j | A4   | OfferUnknown
        # 2. The caller follows and has what the device has: redirect to it.
        auto | 6/4 | 6     | 46f/46f!6      | A4/A44/A4j/A4-6/A4j-6 | 380:4 | SessionNotShared
        auto | 6/4 | 6ice  | 46f            | A4         | 380:4 | SessionNotShared
        auto | 6/4 | 6altc | 46f            | A4/A4n     | 380:4 | SessionNotShared
        auto | 6/4 | 6     | 4f             | A4         | 380:4 | SessionNotShared
        # 2. Not twice.
        auto | 6/4 | 6     | 46f!4          | A4/A4j/A4-6 | 488:4 | AlreadyRedirected
        # 3. It does not follow, or has nothing that helps, but the device judges.
        auto | 6/4 | 6     | 6/6f/46/46!4   | A4j/A4j-6  | A4    | DeviceJudges
        # A device may have more than it registered: forward, and learn.
        auto | 6/4 | 6     | 6/6f/46/46!4   | A4/A44     | A4    | DeviceMayBeDualStack
        auto | 6/4 | 6ice/6altc | 6/6f/46   | A4         | A4    | DeviceMayBeDualStack
        # 5. Known to have only the other one: refuse, and say why.
        auto | 6/4 | 6     | 6/6f           | A4-6/A44-6 | 488:4 | CallerLacksVersion
        auto | 6/4 | 6     | 46/4           | A4-6       | 488:4 | CallerDoesNotFollow
        auto | 6/4 | 6ice/6altc | 46        | A4-6       | 488:4 | CallerDoesNotFollow
        # ALTC and ANAT count for those who read them.
        auto | 6/4 | 6altc/anat | 6/46f     | A4an/A4an-6 | A4   | SessionShared
        auto | 6   | 6altc/anat | 6/46f     | A46an      | A6    | SessionShared
        # Lines of different versions.
        auto | 6   | mix   | 46f            | A46/A6     | 380:6 | SessionNotShared
        auto | 6   | mix   | 46f            | A4         | 380:4 | SessionNotShared
        auto | 6   | mix   | 46/6           | A46        | A6    | DeviceMayBeDualStack
        auto | 6   | mix   | 46/6           | A4         | A4    | DeviceMayBeDualStack
        auto | 6   | mix   | 46             | A4-6       | 488:4 | CallerDoesNotFollow
        auto | 6   | mix   | 6              | A4-6       | 488:4 | CallerLacksVersion
        auto | 6   | mix   | 46             | A4j-6      | A4    | DeviceJudges
        # Several devices: to those that can; only when none can, redirect if that helps any; else refuse.
        auto | 6/4 | 6     | 6/46f          | A6 B6/A64 B46 | A6 B6 | SessionShared
        auto | 6/4 | 6     | 46f            | A4 B6/A4j B6/A4-6 B64 | B6 | SessionShared
        auto | 6/4 | 6     | 46f            | A4 B4+6    | B4    | DeviceIsDualStack
        auto | 6/4 | 6     | 46f            | A4 B4/A4-6 B4j | 380:4 | SessionNotShared
        auto | 6/4 | 6     | 46             | A4-6 B4j   | B4    | DeviceJudges
        auto | 6/4 | 6     | 6              | A4-6 B4    | B4    | DeviceMayBeDualStack
        auto | 6/4 | 6     | 6/6f           | A4-6 B4-6  | 488:4 | CallerLacksVersion
        auto | 6/4 | 6     | 46             | A4-6 B4-6  | 488:4 | CallerDoesNotFollow
        auto | 6/4 | 6     | 46f!4          | A4 B4      | 488:4 | AlreadyRedirected
        auto | 6   | -     | 46f            | A4 B64 C6  | A4 B6 C6 | OfferUnknown
        """);

    /// <summary>The rows of the figures: T5 is dual-stack, T6 has IPv4 only. The caller calls by its first offer.</summary>
    public static TheoryData<string> Figures => Rows("""
        # FIG. 3, 5, 13, 17: T5 (both) to T6, then again by IPv4.
        arrival | 6 | 6 | 46f | A4 | 380:4 | ArrivalNotShared
        session/auto | 6 | 6 | 46f | A4 | 380:4 | SessionNotShared
        # FIG. 4, 6, 14, 18: T6 to T5 (both).
        arrival | 4 | 4 | 4/4f | A64 | A4 | ArrivalShared
        session/auto | 4 | 4 | 4/4f | A64 | A4 | SessionShared
        # FIG. 7, 15, 19: T5 (IPv6) to T6, which judges; then again with an IPv4 body by the same path.
        carry | 6 | 6/4 | 6f | A4/A4j | A4 | Carried
        auto | 6 | 6 | 6f | A4j | A4 | DeviceJudges
        auto | 6 | 4 | 6f | A4/A4j | A4 | SessionShared
        # FIG. 8, 16, 20: T6 to T5 (IPv6).
        carry | 4 | 4 | 4 | A6/A6j | A6 | Carried
        auto | 4 | 4 | 4/4f | A6 | A6 | DeviceMayBeDualStack
        # E4-a: T5 (both) that starts on IPv4 calls T7; and the other way.
        auto/session | 4 | 4 | 46f | A6 | 380:6 | SessionNotShared
        auto/session | 6 | 6 | 6 | A64 | A6 | SessionShared
        """);

    [Theory]
    [MemberData(nameof(Arrival))]
    [MemberData(nameof(Session))]
    [MemberData(nameof(Carried))]
    [MemberData(nameof(Auto))]
    public void Decide_Row_GivesItsVerdict(string row)
    {
        var columns = row.Split(" | ");
        Assert.Equal((columns[5], columns[6]), JudgeTable.Judged(row));
    }

    [Theory]
    [MemberData(nameof(Figures))]
    public void Decide_Figure_GivesItsVerdict(string row)
    {
        var columns = row.Split(" | ");
        Assert.Equal((columns[5], columns[6]), JudgeTable.Judged(row));
    }

    [Fact]
    public void Table_IsLarge() => Assert.True(Arrival.Count + Session.Count + Carried.Count + Auto.Count > 1000);

    [Fact]
    public void Decide_TwoBindingsOfOneVersion_HighestQThenLowestIndex()
    {
        var device = new DeviceFacts
        {
            Id = "A",
            Bindings = [new(IpVersion.V6, 0, 0.5), new(IpVersion.V6, 3, 0.9), new(IpVersion.V6, 2, 0.9), new(IpVersion.V4, 1)],
        };

        var verdict = Judge.Decide(JudgeMethod.Arrival, IpVersion.V6, Offer.None, new() { Known = IpVersions.V6 }, [device]);

        Assert.Equal([new ForwardRoute("A", 2, IpVersion.V6, VerdictReason.ArrivalShared)], verdict.Routes);
    }

    [Theory]
    [InlineData("4", "380:4")]
    [InlineData("64", "B6")]
    [InlineData("46", "B6")]
    public void Decide_ServersOfAnotherDomain_AreOneTarget(string servers, string expected)
    {
        var target = DeviceFacts.ForServers("B", servers.Select(static digit => digit == '4' ? IpVersion.V4 : IpVersion.V6));
        foreach (var method in new[] { JudgeMethod.Auto, JudgeMethod.Arrival, JudgeMethod.Session })
        {
            var verdict = Judge.Decide(method, IpVersion.V6, JudgeTable.ReadOffer("6"), new() { Known = IpVersions.Both, FollowsRedirect = true }, [target]);

            Assert.Equal(expected, JudgeTable.Text(verdict));
        }
    }

    [Fact]
    public void ForServers_BindingIndex_IsThePlaceInTheOrder()
    {
        var target = DeviceFacts.ForServers("b.example", [IpVersion.V4, IpVersion.V6, IpVersion.V4, IpVersion.V6]);

        Assert.Equal((0, 1), (target.BindingOf(IpVersion.V4)!.Value.Index, target.BindingOf(IpVersion.V6)!.Value.Index));
    }

    [Fact]
    public void Decide_NoDeviceOrNoBinding_IsAFaultOfTheCaller()
    {
        var caller = new CallerFacts { Known = IpVersions.Both };

        Assert.Throws<ArgumentException>(() => Judge.Decide(JudgeMethod.Auto, IpVersion.V4, Offer.None, caller, []));
        Assert.Throws<ArgumentException>(() => Judge.Carry(IpVersion.V4, [new() { Id = "A", Bindings = [] }]));
    }

    [Fact]
    public void Carry_SeveralBindings_OneEachByTheArrivalVersionServersInTheirOrder()
    {
        var device = new DeviceFacts { Id = "A", Bindings = [new(IpVersion.V6, 0), new(IpVersion.V4, 1)] };
        var verdict = Judge.Carry(IpVersion.V4, [device, DeviceFacts.ForServers("B", [IpVersion.V6]), DeviceFacts.ForServers("C", [IpVersion.V6, IpVersion.V4])]);

        Assert.Equal(("A4 B6 C6", VerdictReason.NotJudged), (JudgeTable.Text(verdict), verdict.Reason));
        Assert.Equal("C6", JudgeTable.Text(Judge.Decide(JudgeMethod.Carry, IpVersion.V4, JudgeTable.ReadOffer("4"), new() { Known = IpVersions.V4 }, [DeviceFacts.ForServers("C", [IpVersion.V6, IpVersion.V4])])));
    }

    [Theory]
    [InlineData(JudgeMethod.Arrival, true, "380:4")]
    [InlineData(JudgeMethod.Session, true, "380:4")]
    [InlineData(JudgeMethod.Auto, true, "A4")]
    [InlineData(JudgeMethod.Arrival, false, "488:4")]
    [InlineData(JudgeMethod.Session, false, "488:4")]
    [InlineData(JudgeMethod.Auto, false, "A4")]
    public void Decide_CallerOfAnotherDomain_IsNotKnownToLackAVersion(JudgeMethod method, bool isForeign, string expected)
    {
        var caller = CallerFacts.Of(IpVersions.None, IpVersion.V6, JudgeTable.ReadOffer("6"), followsRedirect: true, isForeign: isForeign);
        var verdict = Judge.Decide(method, IpVersion.V6, JudgeTable.ReadOffer("6"), caller, [new() { Id = "A", Bindings = [new(IpVersion.V4, 0)] }]);
        Assert.Equal(expected, JudgeTable.Text(verdict));
    }

    [Theory]
    [InlineData("INVITE", "", true)]
    [InlineData("INVITE", ";tag=x", false)]
    [InlineData("MESSAGE", "", false)]
    [InlineData("SUBSCRIBE", "", false)]
    [InlineData("OPTIONS", "", false)]
    [InlineData("BYE", ";tag=x", false)]
    public void Applies_OnlyToInvitesOutsideADialog(string method, string toTag, bool expected) => Assert.Equal(expected, Judge.Applies(Requests.Of(method, toTag)));

    [Theory]
    [InlineData(IpVersions.V4, "6", IpVersions.V4)]
    [InlineData(IpVersions.Both, "6", IpVersions.Both)]
    [InlineData(IpVersions.None, "6", IpVersions.V6)]
    [InlineData(IpVersions.None, "4", IpVersions.Both)]
    [InlineData(IpVersions.None, "-", IpVersions.V6)]
    public void CallerFacts_Known_AreTheBindingsElseArrivalAndOffer(IpVersions bindings, string offer, IpVersions expected) =>
        Assert.Equal(expected, CallerFacts.Of(bindings, IpVersion.V6, JudgeTable.ReadOffer(offer), false).Known);

    private static TheoryData<string> Rows(string table) => [.. JudgeTable.Expand(table).Distinct()];
}
