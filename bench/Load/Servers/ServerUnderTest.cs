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
    /// <exception cref="LoadException">It has ended.</exception>
    public TimeSpan ProcessorTime => Alive(ProcessTree.ProcessorTime(_process.Id));

    /// <summary>Of our server; null of others.</summary>
    protected virtual RuntimeFigures? Runtime => null;

    /// <summary>The proportional set size of all its processes, in bytes.</summary>
    /// <exception cref="LoadException">It has ended.</exception>
    public long Memory => Alive(ProcessTree.Memory(_process.Id));

    public string? Fault => _process.HasEnded ? $"{Name} {_process.End}" : null;

    public CancellationToken Ended => _process.Ended;

    /// <summary>What it has used until now. What asking for it costs comes later, and is compiled when it was asked for once.</summary>
    /// <exception cref="LoadException">It has ended.</exception>
    public ServerFigures Look() => Alive(new ServerFigures(ProcessTree.ProcessorTime(_process.Id), ProcessTree.ThreadTimes(_process.Id), Runtime));

    public void Dispose() => _process.Dispose();

    // What the kernel tells of a process that has ended is 0, which is no figure.
    private T Alive<T>(T figure) => Fault is { } fault ? throw new LoadException(fault) : figure;
}
