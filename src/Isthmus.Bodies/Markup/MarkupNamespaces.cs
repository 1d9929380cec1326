// SPDX-License-Identifier: Apache-2.0
namespace Isthmus.Bodies;

/// <summary>The declarations of namespaces that hold at one place of a document (Namespaces in XML 1.0 §3).</summary>
internal sealed class MarkupNamespaces
{
    private const int Most = 64;

    // Whoever writes an element again repeats its namespace: a few octets must not become a long document.
    private const int Longest = 128;

    private const string OfXml = "http://www.w3.org/XML/1998/namespace";

    private readonly List<(byte[] Prefix, string Namespace, int Depth)> _declared = [];

    /// <summary>Declares one for an element of this depth and what is in it; the empty prefix is the default. False: it may not be declared, is too long, or there are too many.</summary>
    public bool TryDeclare(ReadOnlySpan<byte> prefix, string ns, int depth)
    {
        bool isForbidden = prefix.SequenceEqual("xmlns"u8) || prefix.SequenceEqual("xml"u8) != (ns == OfXml) || (ns.Length == 0 && !prefix.IsEmpty);
        if (isForbidden || _declared.Count >= Most || ns.Length > Longest)
        {
            return false;
        }

        _declared.Add((prefix.ToArray(), ns, depth));
        return true;
    }

    /// <summary>The namespace of a prefix; null when it is not declared.</summary>
    public string? Find(ReadOnlySpan<byte> prefix)
    {
        for (int i = _declared.Count - 1; i >= 0; i--)
        {
            if (prefix.SequenceEqual(_declared[i].Prefix))
            {
                return _declared[i].Namespace;
            }
        }

        return prefix.IsEmpty ? "" : prefix.SequenceEqual("xml"u8) ? OfXml : null;
    }

    /// <summary>An element has ended: what was declared deeper than this does not hold any more.</summary>
    public void Leave(int depth)
    {
        while (_declared.Count > 0 && _declared[^1].Depth > depth)
        {
            _declared.RemoveAt(_declared.Count - 1);
        }
    }
}
