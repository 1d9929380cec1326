// SPDX-License-Identifier: Apache-2.0
using Isthmus.Interop.Tests.Programs;
using Isthmus.Lab;

namespace Isthmus.Interop.Tests.Lab;

/// <summary>
/// FIG. 10 with programs that we did not write, by UDP, TCP and both: what is captured goes the ways of the figure, and arrives as it was sent.
/// </summary>
public sealed class CarriedTests
{
    [Theory]
    [InlineData("10-1 --t7 baresip --t6 linphone")]
    [InlineData("10-2 --t6 baresip --t7 linphone --transport tcp")]
    [InlineData("10-2 --t6 sipp --t7 sipp --caller-transport tcp --network 2")]
    public Task Message_IsCarried(string arguments) => AsDescribedAsync(arguments);

    /// <summary>The terminals notify each other; linphone's answers have no Content-Length by UDP, and need one where they go on by TCP.</summary>
    [Theory]
    [InlineData("10-3 --t7 linphone --t6 baresip")]
    [InlineData("10-3 --t7 baresip --t6 sipp --transport tcp")]
    [InlineData("10-4 --t6 baresip --t7 linphone --caller-transport tcp")]
    [InlineData("10-4 --t6 sipp --t7 sipp --network 2")]
    public Task Subscription_IsCarriedBothWays(string arguments) => AsDescribedAsync(arguments);

    /// <summary>The presence server is Kamailio, or ours, with one IP version: SUBSCRIBE, NOTIFY and PUBLISH of a terminal of the other version reach it by S1.</summary>
    [Theory]
    [InlineData("10-5 --t6 linphone --t7 baresip")]
    [InlineData("10-5 --t6 baresip --t7 linphone --transport tcp")]
    [InlineData("10-6 --t7 linphone --t6 baresip --caller-transport tcp")]
    [InlineData("10-7 --t6 sipp")]
    [InlineData("10-8 --t7 sipp --t6 baresip --transport tcp")]
    [InlineData("10-5 --s2 isthmus")]
    [InlineData("10-6 --s2 isthmus --transport tcp")]
    public Task ForeignPresenceServer_OfTheOtherVersion_IsReached(string arguments) => AsDescribedAsync(arguments);

    /// <summary>The server keeps the presence of its users.</summary>
    [Theory]
    [InlineData("10-9 --t7 baresip --t6 linphone")]
    [InlineData("10-9 --t7 baresip --t6 baresip --transport tcp")]
    [InlineData("10-10 --t6 linphone --t7 baresip --caller-transport tcp")]
    [InlineData("10-10 --t6 sipp --t7 sipp")]
    public Task OwnPresence_IsToldAcrossVersions(string arguments) => AsDescribedAsync(arguments);

    /// <summary>One subscription for a list of users: linphone brings the list along (RFC 5367).</summary>
    [Theory]
    [InlineData("10-11 --t7 linphone --t6 baresip")]
    [InlineData("10-12 --t6 linphone --t7 baresip --transport tcp")]
    [InlineData("10-12 --t6 sipp --t7 linphone")]
    public Task List_IsToldAcrossVersions(string arguments) => AsDescribedAsync(arguments);

    /// <summary>Who is not there gets what was written to him when he comes, once.</summary>
    [Theory]
    [InlineData("10-13 --t7 baresip --t6 linphone")]
    [InlineData("10-14 --t6 linphone --t7 baresip --transport tcp")]
    [InlineData("10-13 --t7 sipp --t6 sipp")]
    [InlineData("10-14 --t7 sipp --transport tcp")]
    public Task KeptMessage_IsDeliveredOnce(string arguments) => AsDescribedAsync(arguments);

    /// <summary>Our phone with those of others.</summary>
    [Theory]
    [InlineData("10-1 --t6 linphone --caller-transport tcp")]
    [InlineData("10-3 --t6 baresip")]
    [InlineData("10-4 --t6 linphone --transport tcp")]
    [InlineData("10-9 --t6 baresip")]
    [InlineData("10-10 --t6 baresip --callee-transport tcp")]
    [InlineData("10-11 --t6 linphone")]
    public Task OurPhone_WithOthers_IsAsDescribed(string arguments) => AsDescribedAsync(arguments);

    private static async Task AsDescribedAsync(string arguments)
    {
        foreach (var (program, package) in ((string, string)[])[("baresip", "baresip-core"), ("linphonec", "linphone-cli"), ("sipp", "sip-tester"), (KnotServer.Name, KnotServer.Package)])
        {
            ChildProgram.Require(program, package);
        }

        var kamailio = ServerPrograms.Missing(KamailioServerProgram.Name) ?? ServerPrograms.MissingForPresence(KamailioServerProgram.Name);
        Assert.SkipWhen(kamailio is not null, kamailio ?? "");
        await using var lab = LabProgram.Start($"figure {arguments}");
        var (code, rows) = await lab.ResultAsync();
        Assert.Equal([], LabProgram.Texts(Assert.Single(rows), "problems"));
        Assert.Equal(0, code);
    }
}
