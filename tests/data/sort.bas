' Sorts the tables of a workbook by each of their columns, then inserts a row into each. After every step all is
' calculated anew, and the cells are written to a file, with where the links of the first column lead.
' tables: "sheet,first row,last row,columns;…", all counted from 0; every so many rows of a table are asked for links.
Sub Main(source As String, target As String, tables As String)
  Dim hidden(0) As New com.sun.star.beans.PropertyValue
  hidden(0).Name = "Hidden"
  hidden(0).Value = True
  book = StarDesktop.loadComponentFromURL(source, "_blank", 0, hidden())
  files = createUnoService("com.sun.star.ucb.SimpleFileAccess")
  out = createUnoService("com.sun.star.io.TextOutputStream")
  out.setOutputStream(files.openFileWrite(target))
  out.setEncoding("UTF-8")
  book.Sheets.insertNewByName("scratch", book.Sheets.Count)
  parts = Split(tables, ";")
  Tell(book, out, parts, 0)
  Dim field As New com.sun.star.table.TableSortField
  For Each part In parts
    place = Split(part, ",")
    For column = 0 To CInt(place(3)) - 1
      field.Field = column
      field.IsAscending = (column Mod 2 = 0)
      descriptor = Table(book, part, 0).createSortDescriptor()
      For Each setting In descriptor
        If setting.Name = "SortFields" Then setting.Value = Array(field)
        If setting.Name = "ContainsHeader" Then setting.Value = False
      Next
      Table(book, part, 0).sort(descriptor)
      Tell(book, out, parts, 0)
    Next
  Next
  For Each part In parts
    place = Split(part, ",")
    book.Sheets.getByIndex(CInt(place(0))).Rows.insertByIndex(CInt(place(1)), 1)
  Next
  Tell(book, out, parts, 1)
  out.closeOutput()
  book.close(True)
End Sub

Function Table(book, part, more)
  place = Split(part, ",")
  sheet = book.Sheets.getByIndex(CInt(place(0)))
  Table = sheet.getCellRangeByPosition(0, CInt(place(1)), CInt(place(3)) - 1, CInt(place(2)) + more)
End Function

Sub Tell(book, out, parts, more)
  book.calculateAll()
  scratch = book.Sheets.getByName("scratch").getCellByPosition(0, 0)
  out.writeString("step" & Chr(10))
  For Each part In parts
    place = Split(part, ",")
    cells = Table(book, part, more)
    data = cells.getDataArray()
    For row = 0 To UBound(data)
      link = ""
      formula = cells.getCellByPosition(0, row).Formula
      If row Mod CInt(place(4)) = 0 And Left(formula, 11) = "=HYPERLINK(" Then
        comma = InStr(formula, "-1;")
        scratch.Formula = "=" & Mid(formula, 12, comma + 1 - 11)
        link = scratch.String
      End If
      out.writeString(place(0) & Chr(9) & link & Chr(9) & Join(data(row), Chr(9)) & Chr(10))
    Next
  Next
End Sub
