// SPDX-License-Identifier: Apache-2.0
namespace Isthmus.Sdp;

/// <summary>Which way media goes, seen from the one who writes it (RFC 8866 §6.7). Ordered as flags: 1 sends, 2 receives.</summary>
[Flags]
public enum MediaDirection : byte
{
    /// <summary><c>a=inactive</c>: neither way.</summary>
    Inactive = 0,

    /// <summary><c>a=sendonly</c>: hold, in a call (RFC 3264 §8.4).</summary>
    SendOnly = 1,

    /// <summary><c>a=recvonly</c>.</summary>
    ReceiveOnly = 2,

    /// <summary><c>a=sendrecv</c>: both ways, the default.</summary>
    SendReceive = SendOnly | ReceiveOnly,
}

/// <summary>Arithmetic of directions.</summary>
public static class MediaDirectionOperations
{
    extension(MediaDirection direction)
    {
        /// <summary>Whether the writer sends.</summary>
        public bool Sends => (direction & MediaDirection.SendOnly) != 0;

        /// <summary>Whether the writer receives.</summary>
        public bool Receives => (direction & MediaDirection.ReceiveOnly) != 0;

        /// <summary>The same media as the other side sees it.</summary>
        public MediaDirection Mirrored => (MediaDirection)((((int)direction & 1) << 1) | ((int)direction >> 1));

        /// <summary>The attribute's name, such as <c>sendrecv</c>.</summary>
        public string AttributeName => direction switch
        {
            MediaDirection.SendOnly => "sendonly",
            MediaDirection.ReceiveOnly => "recvonly",
            MediaDirection.SendReceive => "sendrecv",
            _ => "inactive",
        };
    }

    internal static MediaDirection? OfAttribute(string name) => name switch
    {
        "sendrecv" => MediaDirection.SendReceive,
        "sendonly" => MediaDirection.SendOnly,
        "recvonly" => MediaDirection.ReceiveOnly,
        "inactive" => MediaDirection.Inactive,
        _ => null,
    };
}
