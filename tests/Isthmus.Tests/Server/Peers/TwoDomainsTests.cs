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

    private static async Task<SipPhone> Phone(string address, IsthmusServer server, IpVersions versions)
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
                Answer = AnswerPolicy.Automatic,
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
