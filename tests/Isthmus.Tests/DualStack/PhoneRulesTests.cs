// SPDX-License-Identifier: Apache-2.0
using Isthmus.DualStack;
using Isthmus.Sip;

namespace Isthmus.Tests.DualStack;

/// <summary>The rules of the calling phone (<see cref="CallAgain"/>) and of the called one (<see cref="CalledPhone"/>).</summary>
public class PhoneRulesTests
{
    private static readonly VersionHint Bare = new(false, null);

    // What is said | what the phone has, is registered on, offered, by which path, tried before | what it does: "4 by 6" = offers IPv4 by signalling on IPv6
    [Theory]
    [InlineData(380, "use4", "46", "46", "6", "6", "", "4 by 4")]            // FIG. 3, 5, 13, 17: signalling and media change
    [InlineData(380, "use4", "46", "6", "6", "6", "", "4 by 6")]             // FIG. 7, 15, 19: only the media changes
    [InlineData(488, "use4", "46", "46", "6", "6", "", "4 by 4")]
    [InlineData(606, "use4", "46", "46", "6", "6", "", "4 by 4")]
    [InlineData(380, "use6", "46", "46", "4", "4", "", "6 by 6")]
    [InlineData(380, "use6", "46", "", "4", "4", "", "6 by 4")]
    [InlineData(380, "use6", "46", "46", "4", "6", "", "6 by 6")]            // arrived on IPv6 with an IPv4 body
    [InlineData(488, "301", "46", "46", "6", "6", "", "4 by 4")]             // a warning that names no version: the other one
    [InlineData(606, "301", "46", "6", "6", "6", "", "4 by 6")]
    [InlineData(488, "bare", "46", "46", "6", "6", "", "4 by 4")]            // baresip
    [InlineData(380, "bare", "46", "6", "6", "6", "", "4 by 6")]
    [InlineData(606, "bare", "46", "46", "6", "6", "", "4 by 4")]
    [InlineData(606, "bare", "46", "46", "4", "4", "6", "AlreadyTried")]
    [InlineData(606, "305", "46", "46", "6", "6", "", "NotAboutVersions")]
    [InlineData(488, "305", "46", "46", "6", "6", "", "NotAboutVersions")]
    [InlineData(486, "use4", "46", "46", "6", "6", "", "NotAboutVersions")]
    [InlineData(302, "use4", "46", "46", "6", "6", "", "NotAboutVersions")]
    [InlineData(400, "bare", "46", "46", "6", "6", "", "NotAboutVersions")]
    [InlineData(380, "use4", "6", "6", "6", "6", "", "VersionMissing")]
    [InlineData(488, "bare", "6", "6", "6", "6", "", "VersionMissing")]
    [InlineData(380, "use6", "46", "46", "6", "6", "", "AlreadyTried")]
    [InlineData(380, "use4", "46", "46", "6", "6", "4", "AlreadyTried")]     // never more than one round per version
    [InlineData(488, "bare", "46", "46", "4", "4", "6", "AlreadyTried")]
    public void OnRefusal_Status_DoesWhatTheContractSays(int status, string said, string has, string registered, string offered, string signalling, string tried, string expected)
    {
        var hint = said switch
        {
            "use4" => new VersionHint(true, IpVersion.V4),
            "use6" => new VersionHint(true, IpVersion.V6),
            "301" => new VersionHint(true, null),
            "305" => new VersionHint(false, null, true),
            _ => Bare,
        };

        Assert.Equal(expected, Text(CallAgain.OnRefusal(status, hint, Attempt(has, registered, offered, signalling, tried))));
    }

    [Theory]
    [InlineData("6", "46", "46", "6", "6", "", "keep")]
    [InlineData("4", "46", "46", "6", "6", "", "4 by 6")]                    // linphone: a re-INVITE stays on its path
    [InlineData("4", "46", "46", "6", "6", "4", "AlreadyTried")]
    [InlineData("4", "6", "6", "6", "6", "", "VersionMissing")]
    public void OnAnswer_OfTheOtherVersion_OffersThatOne(string answered, string has, string registered, string offered, string signalling, string tried, string expected) =>
        Assert.Equal(expected, Text(CallAgain.OnAnswer(Set(answered).Single!.Value, Attempt(has, registered, offered, signalling, tried))));

    [Fact]
    public void OnRefusal_OurOwnRedirect_IsFollowed()
    {
        var response = Redirection.Answer(Requests.Of("INVITE"), Verdict.Redirect(IpVersion.V4, VerdictReason.SessionNotShared), "sip.example.com", "t");

        Assert.Equal("4 by 4", Text(CallAgain.OnRefusal(response, Attempt("46", "46", "6", "6", ""))));
    }

    // offer | has | caller follows | prefers | refusal and version
    [Theory]
    [InlineData("4", "46", true, "6", null, "4")]      // the version of the offer, whatever is preferred or registered on
    [InlineData("6", "46", true, "4", null, "6")]
    [InlineData("4", "4", false, "4", null, "4")]
    [InlineData("6", "4", true, "4", 380, "4")]
    [InlineData("6", "4", false, "4", 488, "4")]
    [InlineData("6ice", "4", true, "4", 380, "4")]
    [InlineData("mix", "46", true, "6", 380, "6")]
    [InlineData("mix", "4", false, "6", 488, "4")]
    [InlineData("-", "46", true, "4", null, "4")]      // delayed offer: ours goes out in the 200
    [InlineData("-", "6", false, "4", null, "6")]
    [InlineData("?", "46", true, "4", 488, "")]
    public void Decide_Offer_AnswersOrSaysWhichVersion(string offer, string has, bool follows, string prefer, int? refusal, string version) =>
        Assert.Equal(new CalledPhoneDecision(refusal, Set(version).Single), CalledPhone.Decide(JudgeTable.ReadOffer(offer), Set(has), follows, Set(prefer).Single!.Value));

    [Fact]
    public void Decide_ForeignBody_Gives415() => Assert.Equal(new CalledPhoneDecision(415, null), CalledPhone.Decide(Offer.Foreign, IpVersions.Both, true, IpVersion.V6));

    private static AttemptFacts Attempt(string has, string registered, string offered, string signalling, string tried) => new()
    {
        Has = Set(has),
        Registered = Set(registered),
        Offered = Set(offered).Single!.Value,
        Signalling = Set(signalling).Single!.Value,
        Tried = Set(tried),
    };

    private static IpVersions Set(string digits) => digits.Aggregate(IpVersions.None, static (set, digit) => set | (digit == '4' ? IpVersions.V4 : IpVersions.V6));

    private static string Text(CallAgainDecision decision) => decision.Action switch
    {
        CallAgainAction.CallAgain => $"{(int)decision.Version!} by {(int)decision.Signalling!}",
        CallAgainAction.Keep => "keep",
        _ => decision.Reason.ToString(),
    };
}
