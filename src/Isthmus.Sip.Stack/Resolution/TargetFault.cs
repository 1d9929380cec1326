// SPDX-License-Identifier: Apache-2.0
using System.Net.Sockets;

namespace Isthmus.Sip.Stack;

/// <summary>Why a target is held to be bad.</summary>
public enum TargetFault
{
    /// <summary>It said nothing.</summary>
    Silent,

    /// <summary>Its host said that nobody is there (ICMP port unreachable, a TCP reset).</summary>
    Refused,

    /// <summary>There is no way there: the network said so, or this host has no route.</summary>
    Unreachable,

    /// <summary>Its connection broke.</summary>
    Broken,

    /// <summary>It answered 503 (RFC 3261 §21.5.4).</summary>
    Unavailable,
}

/// <summary>Reads and shows faults.</summary>
public static class TargetFaultOperations
{
    extension(TargetFault fault)
    {
        /// <summary>In a word or two, for people.</summary>
        public string Text => fault switch
        {
            TargetFault.Silent => "silent",
            TargetFault.Refused => "refused",
            TargetFault.Unreachable => "no way there",
            TargetFault.Broken => "connection broke",
            _ => "503",
        };
    }

    /// <summary>What an error of the system says about a target; null: its side closed the connection.</summary>
    public static TargetFault Of(SocketError? error) => error switch
    {
        null or SocketError.ConnectionReset or SocketError.ConnectionAborted or SocketError.Shutdown or SocketError.NotConnected => TargetFault.Broken,
        SocketError.ConnectionRefused => TargetFault.Refused,
        SocketError.TimedOut => TargetFault.Silent,
        _ => TargetFault.Unreachable,
    };
}
