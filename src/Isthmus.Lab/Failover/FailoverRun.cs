// SPDX-License-Identifier: Apache-2.0
using System.Net;
using Isthmus.DualStack;
using Isthmus.Figures;
using Isthmus.Sip;

namespace Isthmus.Lab;

/// <summary>
/// Measures one case: starts a fresh server, makes it warm by calls to a domain that is well, then calls twice into the disturbed one. Router and servers of that
/// domain are as the fault says before the first of its packets.
/// </summary>
public static class FailoverRun
{
    private const int WarmUps = 4;
    private static readonly TimeSpan BetweenCalls = TimeSpan.FromMilliseconds(300);
    private static readonly TimeSpan WarmWithin = TimeSpan.FromSeconds(10);

    /// <summary>Runs it. What goes wrong is in the result; nothing is left behind but the captures in the output folder.</summary>
    /// <param name="one">The case.</param>
    /// <param name="settings">How to run it: the command that is isthmus, the folder, and how long a call may take to ring.</param>
    /// <param name="progress">Is told what is being done, a line each.</param>
    /// <param name="time">The time.</param>
    /// <param name="cancellation">Ends the run; it still cleans up.</param>
    public static async Task<FailoverResult> RunAsync(FailoverCase one, LabSettings settings, Action<string> progress, TimeProvider time, CancellationToken cancellation)
    {
        var running = new List<IAsyncDisposable>();
        try
        {
            settings = settings with { Output = Directory.CreateDirectory(settings.Output).FullName };
            var ip = new IpTool(ToolBox.Find("ip") ?? throw new LabException(ToolBox.Missing("ip", IpTool.Package)));
            await AbandonedRuns.SweepAsync(ip);
            await using LabGround ground = await LabGround.BuildAsync(ip, FailoverNetwork.Plan);
            using Captures captures = await Captures.StartAsync(ground, time);
            var stage = new LabStage(ground.Plan, settings, ground, ip, time);
            try
            {
                progress($"{one.Name}: calling");
                return await MeasureAsync(one, stage, captures, ip, running, cancellation);
            }
            finally
            {
                for (int i = running.Count - 1; i >= 0; i--)
                {
                    await running[i].DisposeAsync();
                }

                captures.Save(settings.Output);
            }
        }
        catch (Exception exception) when (exception is LabException or IOException or UnauthorizedAccessException or System.Net.Sockets.SocketException)
        {
            return new FailoverResult { Case = one, Problems = [exception.Message], Output = settings.Output };
        }
    }

    private static async Task<FailoverResult> MeasureAsync(FailoverCase one, LabStage stage, Captures captures, IpTool ip, List<IAsyncDisposable> running, CancellationToken cancellation)
    {
        foreach (LabDomain domain in stage.Plan.Network.Domains)
        {
            var names = new KnotServer(stage, domain, one.Transport);
            running.Add(names);
            await names.StartAsync(cancellation);
        }

        var answers = new AgentAnswers();
        foreach (string host in stage.Plan.Network.Domains.Skip(1).SelectMany(domain => domain.Servers).Where(host => one.Fault != FailoverFault.FirstRefuses || host != FailoverNetwork.Called.Server))
        {
            running.Add(AnsweringAgent.Start(stage.NamespaceOf(host), stage.Plan.Host(host), answers));
        }

        (IReadOnlyList<string> hosts, IpVersions lost) = FailoverNetwork.Lost(one.Fault);
        await ip.BatchAsync(
            stage.NamespaceOf(LabGround.RouterName).Name,
            [.. from host in hosts from address in stage.Plan.Host(host).Addresses where lost.Has(address.Version) select $"route add blackhole {address}"]);
        ServerProgram server = ServerPrograms.Create(one.Server, stage, FailoverNetwork.Home, FailoverNetwork.Home.Server, JudgeMethod.Auto);
        running.Add(server);
        await server.StartAsync(cancellation);

        var home = new IPEndPoint(stage.Plan.Host(FailoverNetwork.Home.Server).AddressOf(one.Arrival)!, ServerProgram.Port);
        var caller = CallingAgent.Open(stage.NamespaceOf(FailoverNetwork.Caller.Name), home, one.Transport, stage.Plan.AddressOfRecord(FailoverNetwork.Caller));
        running.Add(caller);
        if (!await caller.RegisterAsync(WarmWithin, cancellation))
        {
            throw new LabException($"{one.Server} does not register the caller; see {stage.LogOf(FailoverNetwork.Home.Server)}");
        }

        for (int i = 0; i < WarmUps; i++)
        {
            if (await caller.RingAsync(UriOf(FailoverNetwork.Well, one), WarmWithin, cancellation) is { Answer: not { StatusCode: 180 } and var answer })
            {
                throw new LabException($"{one.Server} does not call into a domain that is well: {answer?.StatusCode.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "no answer"}; see {stage.LogOf(FailoverNetwork.Home.Server)}");
            }
        }

        (uint first, string firstId, _) = await caller.RingAsync(UriOf(FailoverNetwork.Called, one), stage.Settings.Patience, cancellation);
        await stage.WaitAsync(BetweenCalls, cancellation);
        (uint next, string nextId, _) = await caller.RingAsync(UriOf(FailoverNetwork.Called, one), stage.Settings.Patience, cancellation);
        await stage.WaitAsync(BetweenCalls, cancellation);
        using var seen = new Observation(stage.Plan, captures.Begun);
        captures.ReadInto(seen);
        return new FailoverResult
        {
            Case = one,
            First = TimeToRing(seen.Ladder, first),
            Next = TimeToRing(seen.Ladder, next),
            Patience = stage.Settings.Patience,
            Invites = answers.InvitesOf(firstId) + answers.InvitesOf(nextId),
            Problems = [.. captures.Problems],
            Output = stage.Settings.Output,
        };
    }

    private static string UriOf(LabDomain domain, FailoverCase one) => $"sip:t6@{domain.Name}{(one.Transport == SipTransport.Tcp ? ";transport=tcp" : "")}";

    private static TimeSpan? TimeToRing(Ladder ladder, uint sequence)
    {
        Arrow[] arrows = [.. ladder.Arrows.Where(arrow => arrow.Method == SipMethod.Invite && arrow.Sequence == sequence)];
        return arrows.FirstOrDefault(arrow => arrow.From == FailoverNetwork.Caller.Name && arrow.Status is null) is { } invite
            && arrows.FirstOrDefault(arrow => arrow.To == FailoverNetwork.Caller.Name && arrow.Status == 180) is { } ringing
            ? ringing.At - invite.At
            : null;
    }
}
