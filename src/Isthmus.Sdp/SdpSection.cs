// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;

namespace Isthmus.Sdp;

/// <summary>
/// The lines of a session or of one of its media, in the order they came. Lines nobody knows stay where they were, so what is read is written again as it was.
/// </summary>
public abstract class SdpSection
{
    private protected SdpSection(ImmutableArray<SdpLine> lines)
    {
        Lines = lines;
        Attributes = [.. lines.Where(static line => line.Type == 'a').Select(static line => SdpAttribute.Of(line.Value))];
        Connection = First('c') is { } value && ConnectionData.TryParse(value, out var connection) ? connection : null;
    }

    /// <summary>Every line, the first being <c>v=</c> or <c>m=</c>.</summary>
    public ImmutableArray<SdpLine> Lines { get; }

    /// <summary>The attributes (<c>a=</c>) in order.</summary>
    public ImmutableArray<SdpAttribute> Attributes { get; }

    /// <summary>The first <c>c=</c> of this section; null when it has none.</summary>
    public ConnectionData? Connection { get; }

    /// <summary>The bandwidths (<c>b=</c>) that can be read.</summary>
    public IEnumerable<Bandwidth> Bandwidths => Lines
        .Select(static line => line.Type == 'b' && Bandwidth.TryParse(line.Value, out var bandwidth) ? bandwidth : (Bandwidth?)null)
        .OfType<Bandwidth>();

    /// <summary>The direction attribute of this section; null when it has none.</summary>
    public MediaDirection? DirectionAttribute
    {
        get
        {
            foreach (var attribute in Attributes)
            {
                if (MediaDirectionOperations.OfAttribute(attribute.Name) is { } direction)
                {
                    return direction;
                }
            }

            return null;
        }
    }

    /// <summary>Whether there is such an attribute, with a value or without.</summary>
    public bool HasAttribute(string name) => Attributes.Any(attribute => attribute.Name == name);

    /// <summary>The value of the first attribute of that name; null when there is none or it has no value.</summary>
    public string? Attribute(string name)
    {
        foreach (var attribute in Attributes)
        {
            if (attribute.Name == name)
            {
                return attribute.Value;
            }
        }

        return null;
    }

    /// <summary>The values of every attribute of that name, in order.</summary>
    public IEnumerable<string> AttributeValues(string name) =>
        Attributes.Where(attribute => attribute.Name == name).Select(static attribute => attribute.Value).OfType<string>();

    private protected string? First(char type)
    {
        foreach (var line in Lines)
        {
            if (line.Type == type)
            {
                return line.Value;
            }
        }

        return null;
    }
}
