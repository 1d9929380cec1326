// SPDX-License-Identifier: Apache-2.0
namespace Isthmus.Sip;

/// <summary>Names and properties of the transports.</summary>
public static class SipTransportOperations
{
    private static readonly string[] Tokens = ["UDP", "TCP", "TLS", "WS", "WSS"];
    private static readonly string[] UriTokens = ["udp", "tcp", "tls", "ws", "wss"];

    extension(SipTransport transport)
    {
        /// <summary>The token of a Via's sent-protocol, such as <c>UDP</c>.</summary>
        public string Token => Tokens[(int)transport];

        /// <summary>The value of a URI's <c>transport</c> parameter, such as <c>udp</c>.</summary>
        public string UriToken => UriTokens[(int)transport];

        /// <summary>Whether the transport delivers in order and without loss (RFC 3261 §17).</summary>
        public bool IsReliable => transport != SipTransport.Udp;

        /// <summary>The port where none is written: 5060, or 5061 with TLS (RFC 3261 §19.1.2); 80 and 443 for WebSocket (RFC 7118).</summary>
        public int DefaultPort => transport switch { SipTransport.Tls => 5061, SipTransport.Ws => 80, SipTransport.Wss => 443, _ => 5060 };
    }

    /// <summary>The transport that a token names, in any case; false for one that is not known here (such as SCTP).</summary>
    public static bool TryParse(ReadOnlySpan<char> token, out SipTransport transport)
    {
        for (int i = 0; i < Tokens.Length; i++)
        {
            if (token.Equals(Tokens[i], StringComparison.OrdinalIgnoreCase))
            {
                transport = (SipTransport)i;
                return true;
            }
        }

        transport = default;
        return false;
    }

    /// <inheritdoc cref="TryParse(ReadOnlySpan{char}, out SipTransport)"/>
    public static bool TryParse(ReadOnlySpan<byte> token, out SipTransport transport)
    {
        for (int i = 0; i < Tokens.Length; i++)
        {
            if (token.Length == Tokens[i].Length && System.Text.Ascii.EqualsIgnoreCase(token, Tokens[i]))
            {
                transport = (SipTransport)i;
                return true;
            }
        }

        transport = default;
        return false;
    }
}
