// SPDX-License-Identifier: Apache-2.0
using System.Net;
using Isthmus.DualStack;
using Isthmus.Phone;
using Isthmus.Server;
using Isthmus.Sip;
using Isthmus.Sip.Stack;
using Isthmus.Tests.Figures;
using Isthmus.Tests.Server.Hosting;
using Isthmus.Tests.Stack.Resolution;
using Microsoft.Extensions.Logging.Abstractions;

namespace Isthmus.Tests.Server.Peers;

/// <summary>Two servers and two phones on real sockets of this host, with a real DNS server between them: FIG. 13, 14, 17 and 18.</summary>
public sealed class TwoDomainsTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    public static TheoryData<JudgeMethod, bool> Rows
    {
        get
        {
            var rows = new TheoryData<JudgeMethod, bool>();
            foreach (JudgeMethod method in Enum.GetValues<JudgeMethod>())
            {
                rows.Add(method, true);
                rows.Add(method, false);
            }

            return rows;
        }
    }

    [Theory]
    [MemberData(nameof(Rows))]
    public async Task Call_BothWays_MediaIsIpv4(JudgeMethod method, bool isSecondDual)
    {
        LoopbackOnly.SkipWithoutIpv6();
        using var dns = new LoopbackDns(IPAddress.Loopback);
        await using IsthmusServer first = await Start(method, "a.example", dns, isDual: true);
        await using IsthmusServer second = await Start(method, "b.example", dns, isSecondDual);
        await using SipPhone t5 = await Phone("sip:t5@a.example", first, IpVersions.Both);
        await using SipPhone t6 = await Phone("sip:t6@b.example", second, IpVersions.V4);

        Assert.Equal((true, IpVersion.V4), await Talk(t5, "sip:t6@b.example"));
        Assert.Equal((true, IpVersion.V4), await Talk(t6, "sip:t5@a.example"));
    }

    /// <summary>T5 is also t6@b.example (docs/decisions/0048): his phone and that one ring, whoever answers has the call, and a domain that is gone disturbs neither.</summary>
    [Theory]
    [InlineData("t6@b.example", true)]
    [InlineData("t6@b.example", false)]
    [InlineData("t6@gone.example", false)]
    public async Task Call_ToAUserWithAnAddressInTheOtherDomain_RingsAtBoth(string away, bool isAnsweredThere)
    {
        LoopbackOnly.SkipWithoutIpv6();
        using var dns = new LoopbackDns(IPAddress.Loopback);
        await using IsthmusServer first = await Start(JudgeMethod.Auto, "a.example", dns, isDual: true);
        await using IsthmusServer second = await Start(JudgeMethod.Auto, "b.example", dns, isDual: false);
        await using SipPhone caller = await Phone("sip:t4@a.example", first, IpVersions.Both);
        await using SipPhone t5 = await Phone("sip:t5@a.example", first, IpVersions.Both, AnswerPolicy.Ask);
        await using SipPhone t6 = await Phone("sip:t6@b.example", second, IpVersions.V4, AnswerPolicy.Ask);
        using var provisioning = new RegisteringClient(IsthmusServerTests.UdpOf(first, "127.0.0.1"));
        Assert.Equal(200, (await provisioning.RegisterAsync("t5", contact: $"sip:{away}", domain: "a.example")).StatusCode);

        Call call = caller.Dial("sip:t5@a.example", new DialOptions { Version = IpVersion.V4 });
        Call here = await First(t5);
        Call? there = away.EndsWith("b.example", StringComparison.Ordinal) ? await First(t6) : null;
        Call answering = isAnsweredThere ? there! : here;
        answering.Answer();
        Assert.True(await call.Answered.WaitAsync(Patience));
        if (there is not null)
        {
            CallResult other = await (isAnsweredThere ? here : there).Completion.WaitAsync(Patience);
            Assert.Equal((CallOutcome.Cancelled, true), (other.Outcome, other.ByRemote));
        }

        Assert.Equal(IpVersion.V4, (await call.HangUpAsync().WaitAsync(Patience)).MediaVersion);
        Assert.Equal(CallOutcome.Completed, (await answering.Completion.WaitAsync(Patience)).Outcome);
    }

    private static async Task<Call> First(SipPhone phone)
    {
        using var patience = new CancellationTokenSource(Patience);
        await foreach (Call call in phone.IncomingCalls(patience.Token))
        {
            return call;
        }

        throw new InvalidOperationException("The phone was closed.");
    }

    private static async Task<(bool IsAnswered, IpVersion? Media)> Talk(SipPhone caller, string callee)
    {
        Call call = caller.Dial(callee);
        bool isAnswered = await call.Answered.WaitAsync(Patience);
        CallResult result = await call.HangUpAsync().WaitAsync(Patience);
        return (isAnswered, result.MediaVersion);
    }

    private static async Task<IsthmusServer> Start(JudgeMethod method, string domain, LoopbackDns dns, bool isDual)
    {
        ServerOptions options = IsthmusServerTests.Loopback();
        ServerStart start = await IsthmusServer.StartAsync(options with
        {
            Judge = method,
            Domains = [new DomainOptions { Name = domain }],
            Dns = new DnsOptions { Servers = [dns.EndPoint] },
            Listeners = [.. options.Listeners.Where(listener => isDual || listener.Address.Version == IpVersion.V4)],
        });
        Assert.Empty(start.Problems);

        // Each version has a port of its own here, and so a name of its own.
        foreach (Listener listener in start.Server!.Listeners.Where(listener => listener.Transport == SipTransport.Udp))
        {
            string host = $"{listener.Version.DisplayName.ToLowerInvariant()}.{domain}";
            dns.Add("_sip._udp." + domain, LoopbackDns.Srv, LoopbackDns.Service(10, 0, (ushort)listener.LocalEndPoint.Port, host)).Address(host, listener.LocalEndPoint.Address.ToString());
        }

        return start.Server;
    }

    private static async Task<SipPhone> Phone(string address, IsthmusServer server, IpVersions versions, AnswerPolicy answer = AnswerPolicy.Automatic)
    {
        var account = new AccountOptions
        {
            Address = address,
            Servers = [.. server.Listeners.Where(listener => listener.Transport == SipTransport.Udp && versions.Has(listener.Version)).Select(listener => new ServerAddress(listener.LocalEndPoint))],
        };
        var phone = new SipPhone(
            new PhoneOptions
            {
                Accounts = [account],
                Versions = versions,
                Answer = answer,
                Prefer = versions.Has(IpVersion.V6) ? IpVersion.V6 : IpVersion.V4,
                Ipv4Address = IPAddress.Loopback,
                Ipv6Address = IPAddress.IPv6Loopback,
            },
            new SystemNetwork(),
            TimeProvider.System,
            NullLoggerFactory.Instance);
        Assert.True(phone.Start().IsUsable);
        await phone.RegisterAsync().WaitAsync(Patience);
        return phone;
    }
}
