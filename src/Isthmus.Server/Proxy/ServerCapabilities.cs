// SPDX-License-Identifier: Apache-2.0
using Isthmus.Sip;

namespace Isthmus.Server.Proxy;

/// <summary>What the server says of itself in the answer to an OPTIONS (RFC 3261 §11.2).</summary>
internal sealed class ServerCapabilities
{
    /// <summary>The option tags that a Proxy-Require may name.</summary>
    public IReadOnlyList<string> ProxyExtensions { get; init; } = [];

    /// <summary>The option tags of the server itself.</summary>
    public IReadOnlyList<string> Supported { get; init; } = ["path", "gruu"];

    /// <summary>The event packages that it serves (RFC 6665 §4.4.4); empty: none.</summary>
    public string AllowEvents { get; init; } = "";

    private byte[] SupportedValue => field ??= System.Text.Encoding.UTF8.GetBytes(string.Join(", ", Supported));

    /// <summary>Adds Allow, Accept, Accept-Encoding, Accept-Language and Supported to a response.</summary>
    public ResponseBuilder Describe(ResponseBuilder response) => WithEvents(response)
        .Header(HeaderName.Accept, "application/sdp"u8)
        .Header(HeaderName.AcceptEncoding, "identity"u8)
        .Header(HeaderName.AcceptLanguage, "en"u8)
        .Header(HeaderName.Supported, SupportedValue);

    private ResponseBuilder WithEvents(ResponseBuilder response) => AllowEvents.Length == 0
        ? response.Header(HeaderName.Allow, "OPTIONS, REGISTER"u8)
        : response.Header(HeaderName.Allow, "OPTIONS, REGISTER, SUBSCRIBE, PUBLISH"u8).Header(HeaderName.AllowEvents, AllowEvents);
}
