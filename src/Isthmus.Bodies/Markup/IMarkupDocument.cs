// SPDX-License-Identifier: Apache-2.0
namespace Isthmus.Bodies;

/// <summary>A document that is XML: how it is made of the elements that were read, and how it is written.</summary>
internal interface IMarkupDocument<T>
    where T : class, IMarkupDocument<T>
{
    /// <summary>Null and a fault when the root is not that of such a document, or what must be there is missing.</summary>
    static abstract T? Read(MarkupElement root, out BodyFault? fault);

    void Write(ref MarkupWriter writer);
}
