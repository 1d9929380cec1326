// SPDX-License-Identifier: Apache-2.0
namespace Isthmus.Sip;

/// <summary>What a <see cref="StreamFramer"/> found.</summary>
public enum FrameKind
{
    /// <summary>Nothing whole yet: push more bytes.</summary>
    NeedMore,

    /// <summary>A message.</summary>
    Message,

    /// <summary>A keep-alive ping, CRLF CRLF: answer CRLF (RFC 5626 §3.5.1).</summary>
    Ping,

    /// <summary>A keep-alive pong, CRLF.</summary>
    Pong,

    /// <summary>The stream cannot be framed any more: answer if the message can be answered, and close (RFC 3261 §18.3).</summary>
    Broken,
}
