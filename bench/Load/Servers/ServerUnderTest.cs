// SPDX-License-Identifier: Apache-2.0
using System.Net;

namespace Isthmus.Load;

/// <summary>A server that runs while it is measured.</summary>
internal abstract class ServerUnderTest : IReachableServer, IDisposable
{
    private readonly ServerProcess _process;

    protected ServerUnderTest(string name, ServerProcess process, ServerSettings settings)
    {
        Name = name;
        _process = process;
        Settings = settings;
    }

    public string Name { get; }

    public ServerSettings Settings { get; }

    /// <summary>The first process.</summary>
    public int ProcessId => _process.Id;

    public IPEndPoint EndPoint(bool isIPv4, bool isTcp) => new(isIPv4 ? IPAddress.Loopback : IPAddress.IPv6Loopback, Settings.Port);

    /// <summary>User and system time of all its processes since they began.</summary>
    public TimeSpan ProcessorTime => ProcessTree.ProcessorTime(_process.Id);

    /// <summary>The proportional set size of all its processes, in bytes.</summary>
    public long Memory => ProcessTree.Memory(_process.Id);

    public string? Fault => _process.Fault;

    public void Dispose() => _process.Dispose();
}
