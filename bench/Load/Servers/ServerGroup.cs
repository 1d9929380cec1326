// SPDX-License-Identifier: Apache-2.0
using System.Net;
using System.Net.Sockets;

namespace Isthmus.Load;

/// <summary>The servers of one measurement, ours first.</summary>
internal sealed class ServerGroup : IDisposable
{
    private readonly List<ServerUnderTest> _all = [];

    public IReadOnlyList<ServerUnderTest> All => _all;

    /// <param name="measuring">Which servers.</param>
    /// <param name="isTcp">Whether they listen on TCP too.</param>
    /// <param name="isDurable">Whether ours keeps bindings in a file.</param>
    /// <exception cref="LoadException">One cannot be started.</exception>
    public static ServerGroup Start(Measuring measuring, bool isTcp, bool isDurable)
    {
        var group = new ServerGroup();
        try
        {
            if (measuring.Servers != ServerChoice.Kamailio)
            {
                group._all.Add(IsthmusServer.Start("Isthmus", measuring.Isthmus, Settings(measuring, isTcp, isDurable)));
            }

            if (measuring.Servers != ServerChoice.Ours)
            {
                ServerSettings settings = Settings(measuring, isTcp, isDurable);
                group._all.Add(measuring.Against is { } other
                    ? IsthmusServer.Start("other build", other, settings with { Judge = measuring.JudgeAgainst ?? settings.Judge })
                    : KamailioServer.Start(settings));
            }

            return group;
        }
        catch
        {
            group.Dispose();
            throw;
        }
    }

    /// <summary>Our server on the first processor and on the first two.</summary>
    /// <exception cref="LoadException">One cannot be started.</exception>
    public static ServerGroup StartOnOneAndTwo(Measuring measuring)
    {
        var group = new ServerGroup();
        try
        {
            foreach ((string name, string processors) in ((string, string)[])[("one processor", "0"), ("two processors", "0,1")])
            {
                group._all.Add(IsthmusServer.Start(name, measuring.Isthmus, Settings(measuring, measuring.Traffic.IsTcp, measuring.IsDurable) with { Processors = processors }));
            }

            return group;
        }
        catch
        {
            group.Dispose();
            throw;
        }
    }

    public void Dispose() => _all.ForEach(server => server.Dispose());

    private static ServerSettings Settings(Measuring measuring, bool isTcp, bool isDurable) => new()
    {
        Port = FreePort(),
        Processors = measuring.ServerProcessors,
        IsTcp = isTcp,
        IsDurable = isDurable,
        WithPresence = measuring.WithPresence,
        Judge = measuring.Judge,
        Environment = measuring.Environment,
    };

    // One that nobody has now; the servers are started at once.
    private static int FreePort()
    {
        using var probe = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        probe.Bind(new IPEndPoint(IPAddress.Any, 0));
        return ((IPEndPoint)probe.LocalEndPoint!).Port;
    }
}
