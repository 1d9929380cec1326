// SPDX-License-Identifier: Apache-2.0
using System.Text;
using Isthmus.Bodies;

namespace Isthmus.Phone;

/// <summary>What a MESSAGE carries: octets, and what they are.</summary>
public sealed class MessageContent
{
    private const string PlainText = "text/plain;charset=UTF-8";
    private static readonly Encoding Strict = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Any content.</summary>
    /// <param name="type">The media type, with its parameters: <c>image/png</c>.</param>
    /// <param name="body">The octets; they are sent as they are.</param>
    public MessageContent(string type, ReadOnlyMemory<byte> body)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(type);
        (Type, Body) = (type, body);
    }

    /// <summary>Plain text, in UTF-8.</summary>
    public MessageContent(string text)
        : this(PlainText, Encoding.UTF8.GetBytes(text ?? throw new ArgumentNullException(nameof(text))))
    {
    }

    /// <summary>The media type as it is written, with its parameters.</summary>
    public string Type { get; }

    /// <summary>The octets.</summary>
    public ReadOnlyMemory<byte> Body { get; }

    /// <summary>The content as text: null unless it is <c>text/…</c> in UTF-8, US-ASCII or ISO 8859-1 and can be read as that.</summary>
    public string? Text
    {
        get
        {
            if (MediaType.Parse(Type) is not { } type || !type.Name.StartsWith("text/", StringComparison.Ordinal))
            {
                return null;
            }

            return type.Parameter("charset")?.ToUpperInvariant() switch
            {
                null or "UTF-8" or "US-ASCII" => ReadUtf8(),
                "ISO-8859-1" => Encoding.Latin1.GetString(Body.Span),
                _ => null,
            };
        }
    }

    private string? ReadUtf8()
    {
        try
        {
            return Strict.GetString(Body.Span);
        }
        catch (DecoderFallbackException)
        {
            return null;
        }
    }
}
