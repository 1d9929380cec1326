// SPDX-License-Identifier: Apache-2.0
using System.Net;
using System.Net.Sockets;

namespace Isthmus.Load;

/// <summary>The servers of one measurement, ours first.</summary>
internal sealed class ServerGroup : IDisposable
{
    private readonly List<ServerUnderTest> _all = [];

    public IReadOnlyList<ServerUnderTest> All => _all;

    /// <exception cref="LoadException">One cannot be started.</exception>
    public static ServerGroup Start(Measuring measuring)
    {
        var group = new ServerGroup();
        try
        {
            if (measuring.Servers != ServerChoice.Kamailio)
            {
                group._all.Add(IsthmusServer.Start("Isthmus", measuring.Isthmus, Settings(measuring)));
            }

            if (measuring.Servers != ServerChoice.Ours)
            {
                group._all.Add(measuring.Against is { } other ? IsthmusServer.Start("other build", other, Settings(measuring)) : KamailioServer.Start(Settings(measuring)));
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

    private static ServerSettings Settings(Measuring measuring) => new()
    {
        Port = FreePort(),
        Processors = measuring.ServerProcessors,
        IsTcp = measuring.Traffic.IsTcp,
        IsDurable = measuring.IsDurable,
        Judge = measuring.Judge,
    };

    // One that nobody has now; the servers are started at once.
    private static int FreePort()
    {
        using var probe = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        probe.Bind(new IPEndPoint(IPAddress.Any, 0));
        return ((IPEndPoint)probe.LocalEndPoint!).Port;
    }
}
