// SPDX-License-Identifier: Apache-2.0
using System.Text;

namespace Isthmus.Sip.Stack;

/// <summary>By which name a flow is ours, ready to be written and compared.</summary>
internal sealed class OwnName(SipTransport transport, HostPort sentBy)
{
    /// <summary>What Via, Record-Route and Contact name.</summary>
    public HostPort SentBy => sentBy;

    /// <summary>The same as text.</summary>
    public byte[] Text { get; } = Encoding.ASCII.GetBytes(sentBy.ToString());

    /// <summary>A Via of ours up to the unique part of its branch.</summary>
    public byte[] ViaStart { get; } = Encoding.ASCII.GetBytes($"SIP/2.0/{transport.Token} {sentBy};branch={Via.MagicCookie}");

    /// <summary>Whether the table of our names knows it.</summary>
    public bool IsNoted { get; set; }
}
