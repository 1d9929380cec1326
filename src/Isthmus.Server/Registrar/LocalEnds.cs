// SPDX-License-Identifier: Apache-2.0
using Isthmus.Sip;
using Isthmus.Sip.Stack;

namespace Isthmus.Server.Registrar;

/// <summary>
/// One flow for all datagrams that come to the same local end: a binding knows its source by itself, and keeps of the flow only where it arrived.
/// </summary>
internal sealed class LocalEnds
{
    // One for each local address of each listener; beyond it a binding keeps its own.
    private const int Most = 256;

    private readonly Lock _lock = new();
    private volatile Flow[] _known = [];

    /// <summary>Whether both arrive at the same local end.</summary>
    public static bool AreSame(Flow one, Flow other) => one.Listener == other.Listener && one.Local.Equals(other.Local);

    /// <summary>The flow to keep: that of a connection itself.</summary>
    public Flow Of(Flow flow)
    {
        if (flow.Transport.IsReliable)
        {
            return flow;
        }

        foreach (Flow known in _known)
        {
            if (AreSame(known, flow))
            {
                return known;
            }
        }

        lock (_lock)
        {
            if (_known.Length < Most)
            {
                _known = [.. _known, flow];
            }
        }

        return flow;
    }
}
